"""What the knowledge base contributes; hooks only."""

from __future__ import annotations

from app.sdk import (
    N_,
    Api,
    Category,
    DemoData,
    DictionaryList,
    Permissions,
    RecordType,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
    WorkflowBinding,
    hookimpl,
)
from app.sdk.services import Scope
from plugins.knowledge import access, collaboration, demo, initial_data
from plugins.knowledge.articles.guards_and_effects import EFFECTS, GUARDS
from plugins.knowledge.articles.operations import ArticleOperations, LineOperations
from plugins.knowledge.articles.views import ArticleApi, ArticleView, LineView
from plugins.knowledge.articles.workflow import WORKFLOW
from plugins.knowledge.audiences.views import AudienceView
from plugins.knowledge.cards import CARDS
from plugins.knowledge.finding.source import SOURCE
from plugins.knowledge.gaps.operations import GapOperations
from plugins.knowledge.gaps.views import GapView
from plugins.knowledge.importing import importer
from plugins.knowledge.jobs import JOBS
from plugins.knowledge.metrics import METRICS
from plugins.knowledge.models import (
    MODELS,
    Article,
    ArticleKind,
    ArticleLine,
    ArticleProduct,
    ArticleTopic,
    ForbiddenWord,
    Gap,
)
from plugins.knowledge.settings import SETTINGS
from plugins.knowledge.words.views import ForbiddenWordOperations, ForbiddenWordView

READ = ("can_list", "can_show")
WRITE = ("can_add", "can_edit", "can_comment")
CARE = ("can_delete", "can_export", "can_import")
EVERYBODY = ("agent", "supervisor", "leader", "hr")


@hookimpl
def register_models():
    """All tables."""
    return MODELS


@hookimpl
def register_categories():
    """The heading of the screens."""
    return [Category(name="knowledge", label=N_("Knowledge base"), icon="books", order=25,
                     group="learning")]


@hookimpl
def register_record_types():
    """Articles, lines of their tables, forbidden words, gaps."""
    return [
        RecordType(model=Article, operations=ArticleOperations, label=N_("Article"),
                   label_plural=N_("Articles"), view=access.ARTICLE, endpoint="ArticleView.show",
                   icon="books"),
        RecordType(model=ArticleLine, operations=LineOperations, label=N_("Line of a table"),
                   label_plural=N_("Lines of tables"), view=access.LINE,
                   endpoint="LineView.show", icon="table"),
        RecordType(model=ForbiddenWord, operations=ForbiddenWordOperations,
                   label=N_("Forbidden word"), label_plural=N_("Forbidden words"),
                   view=access.WORD, endpoint="ForbiddenWordView.show", icon="message-off"),
        RecordType(model=Gap, operations=GapOperations, label=N_("Gap"), label_plural=N_("Gaps"),
                   view=access.GAP, endpoint="GapView.show", icon="help-off"),
    ]


@hookimpl
def register_screens():
    """Reading first, then what is looked after."""
    def screen(view, label, icon, order, *, administration=False):
        return Screen(view=view, label=label, category="knowledge", icon=icon, order=order,
                      administration=administration)

    return [
        screen(ArticleView, N_("Articles"), "books", 10),
        screen(GapView, N_("Gaps"), "help-off", 40),
        screen(AudienceView, N_("Audiences of articles"), "users-group", 45, administration=True),
        screen(ForbiddenWordView, N_("Forbidden words"), "message-off", 50, administration=True),
        Screen(view=LineView),
    ]


@hookimpl
def register_dictionaries():
    """Kinds, topics and products of articles."""
    return [
        DictionaryList(model=ArticleKind, title=N_("Kinds of articles"), view=access.KIND,
                       icon="category", order=10),
        DictionaryList(model=ArticleTopic, title=N_("Topics of articles"), view=access.TOPIC,
                       icon="tags", order=20),
        DictionaryList(model=ArticleProduct, title=N_("Products of articles"), view=access.PRODUCT,
                       icon="package", order=30),
    ]


@hookimpl
def register_apis():
    """Articles over REST, and the answer for the house's own chat."""
    return [Api(view=ArticleApi)]


@hookimpl
def register_permissions():
    """Approving, reading files in, answering the chat."""
    return [Permissions(
        view=access.ARTICLE, names=(access.APPROVE, access.ANSWER, "can_import"),
        words={access.APPROVE: N_("Approve articles"),
               access.ANSWER: N_("Answer questions of the chat"), "can_import": N_("Import")})]


@hookimpl
def register_role_grants():
    """Everybody reads; agents write drafts; supervisors approve and look after the rest."""
    lists = (access.KIND, access.TOPIC, access.PRODUCT, access.AUDIENCE)
    return [
        *(RoleGrant(role=role, view=view, names=READ)
          for role in EVERYBODY for view in (access.ARTICLE, access.LINE, access.WORD)),
        *(RoleGrant(role="agent", view=view, names=WRITE)
          for view in (access.ARTICLE, access.LINE)),
        # Who approves reads what is meant for any role.
        *(RoleGrant(role="supervisor", view=view, names=(*WRITE, *CARE), reach=Scope.ALL)
          for view in (access.ARTICLE, access.LINE)),
        RoleGrant(role="supervisor", view=access.ARTICLE, names=(access.APPROVE,)),
        RoleGrant(role="supervisor", view=access.WORD, names=(*WRITE, *CARE)),
        RoleGrant(role="supervisor", view=access.GAP,
                  names=(*READ, "can_edit", "can_delete", "can_export", "can_comment")),
        RoleGrant(role="leader", view=access.GAP, names=READ),
        *(RoleGrant(role="supervisor", view=view, names=("can_list", "can_edit"))
          for view in lists),
    ]


@hookimpl
def register_workflows():
    """From the draft over a second person to the end of an article."""
    return [WorkflowBinding(model=Article, workflow=WORKFLOW, guards=GUARDS, effects=EFFECTS)]


@hookimpl
def register_suggestions():
    """Articles, while somebody types into a form of any plugin."""
    return [SOURCE]


@hookimpl
def register_events():
    """An article that answered customers has changed."""
    return collaboration.EVENTS


@hookimpl
def register_abilities():
    """Finding, noting an answer, drafting."""
    return collaboration.ABILITIES


@hookimpl
def register_link_kinds():
    """Records and the articles that answered them."""
    return collaboration.LINK_KINDS


@hookimpl
def register_record_actions():
    """A closed case becomes a draft."""
    return collaboration.ACTIONS


@hookimpl
def register_importers():
    """Questions and answers from files."""
    return [importer()]


@hookimpl
def register_cards():
    """What waits for those who approve."""
    return CARDS


@hookimpl
def register_metrics():
    """Articles and gaps."""
    return METRICS


@hookimpl
def register_jobs():
    """Reviews and validity, every morning."""
    return JOBS


@hookimpl
def register_settings():
    """Reviews, and from which likeness the chat answers."""
    return [Settings(form=SETTINGS)]


@hookimpl
def register_shipped_data():
    """Lists, audiences, phrases and forbidden words."""
    return [ShippedData(name="knowledge.lists", load=initial_data.load_lists),
            ShippedData(name="knowledge.audiences", load=initial_data.load_audiences),
            ShippedData(name="knowledge.phrases", load=initial_data.load_phrases)]


@hookimpl
def register_demo_data():
    """Articles, uses and gaps of a few months."""
    return [DemoData(name="knowledge.articles", load=demo.load, order=35)]
