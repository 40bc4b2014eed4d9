"""The OpenAPI document names every ability, and says of its values what the address takes."""

from __future__ import annotations

import pytest

from app.host.host import current_host
from app.screens.api.abilities import PREFIX
from tests.integration.collaboration.conftest import without

# No kind of field takes an object.
WRONG = {"no": "value"}


@pytest.fixture
def described(house):
    """Return the description of each ability, by name."""
    def read(username="admin"):
        paths = house.client(username).get("/api/v1/_openapi").json["paths"]
        return {path.removeprefix(f"{PREFIX}/"): found["post"] for path, found in paths.items()
                if path.startswith(f"{PREFIX}/") and "post" in found}
    return read


def values_of(found):
    """Return the schema of the values of an ability."""
    return found["requestBody"]["content"]["application/json"]["schema"]["properties"]["values"]


def test_every_ability_stands_with_its_permission(house, described):
    found = described()
    abilities = {one.name: one for one in current_host().contributions("register_abilities")}
    assert found and set(found) == set(abilities)
    for name, one in found.items():
        assert one["x-permission"] == {
            "permission": abilities[name].permission, "view": abilities[name].view}
        assert abilities[name].view in one["description"]
    with without("complaints"):
        assert set(found) - set(described()) == {
            name for name in abilities if name.startswith("complaints.")}


def test_the_document_says_what_the_address_takes(house, described):
    admin = house.client("admin")
    page = admin.get("/").text
    token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]

    def errors(name, values):
        answer = admin.post(f"{PREFIX}/{name}", json={"values": values},
                            headers={"X-CSRFToken": token})
        assert answer.status_code == 422, (name, answer.text)
        return set(answer.json.get("errors", {}))

    listed = {one["name"]: one for one in admin.get(f"{PREFIX}/").json["result"]}
    checked = 0
    for name, found in described().items():
        if name not in listed:
            continue
        schema = values_of(found)
        properties, required = schema.get("properties", {}), set(schema.get("required", ()))
        assert set(properties) == {field["name"] for field in listed[name]["fields"]}
        unconditional = {key for key, one in properties.items() if "x-asked-when" not in one}
        if not properties:
            continue
        # Each property is one that the address reads; what it does not name is passed over.
        wrong = errors(name, dict.fromkeys([*properties, "not_described"], WRONG))
        assert unconditional <= wrong <= set(properties), name
        if required:
            missing = errors(name, {})
            assert required <= missing, name
            assert all("x-required-when" in properties[key] for key in missing - required), name
        checked += 1
    assert checked > 3
