"""A context of the browser that is used again is as good as a new one."""

from __future__ import annotations

KIND = ("en", "light", "desk")


def test_a_context_that_is_lent_again_holds_nothing_of_the_last_visitor(contexts, site):
    first = contexts.lend(site, *KIND)
    page = first.new_page()
    page.goto("/login/")
    page.evaluate("""() => {
        localStorage.setItem("left", "1"); sessionStorage.setItem("left", "1");
        document.cookie = "left=1";
    }""")
    first.set_offline(True)
    contexts.take_back(first)

    again = contexts.lend(site, *KIND)
    assert again is first and again.pages == [] and again.cookies() == []
    page = again.new_page()
    page.goto("/login/")
    # The library of the pages keeps a value of its own for each tab.
    assert page.evaluate(
        "[localStorage.length, sessionStorage.getItem('left'), document.cookie]") == [0, None, ""]
    contexts.take_back(again)


def test_two_visitors_at_once_have_a_context_each(contexts, site):
    one, other = contexts.lend(site, *KIND), contexts.lend(site, *KIND)
    assert one is not other
    contexts.take_back(one)
    contexts.take_back(other)
