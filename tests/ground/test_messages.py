"""Every text has its Spanish, and the catalogues are those of today's code."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bin"))

import catalogues

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogues_are_complete():
    done = subprocess.run(["bin/messages", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def house(tmp_path, monkeypatch, capsys):
    """Two rooms; `house(arguments)` gives bin/messages' exit code and what it printed."""
    for room in ("core", "goals"):
        (tmp_path / "app" / room).mkdir(parents=True)
        (tmp_path / "app" / room / "__init__.py").touch()
    (tmp_path / "templates/goals").mkdir(parents=True)
    (tmp_path / "app/goals/routes.py").write_text(
        '_("Goal reached")\nngettext("%(num)s goal", "%(num)s goals", 2)\n'
    )
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["bin/messages", *arguments])
        code = catalogues.main()
        return code, capsys.readouterr().out

    return run


def translate(room: str, **texts: str) -> None:
    path = catalogues.path_of(room, "es")
    content = path.read_text()
    for english, spanish in texts.items():
        content = content.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{spanish}"')
    path.write_text(content)


def test_a_new_text_is_listed_until_it_has_its_spanish(house):
    assert "not translated: 'Goal reached'" in house("goals")[1]
    translate("goals", **{"Goal reached": "Meta alcanzada"})
    code, said = house("--check")
    assert code == 1
    assert "Goal reached" not in said
    assert "'%(num)s goal'" in said


def test_english_repeats_the_text_with_both_forms(house):
    house()
    (plural,) = (m for m in catalogues.read("goals", "en") if isinstance(m.id, tuple))
    assert plural.string == ("%(num)s goal", "%(num)s goals")


def test_nothing_to_do_changes_no_file(house):
    house()
    before = catalogues.path_of("goals", "es").read_bytes()
    house()
    assert catalogues.path_of("goals", "es").read_bytes() == before
    assert b".py" not in before


def test_a_stale_catalogue_is_noticed(house, tmp_path):
    house()
    (tmp_path / "templates/goals/show.html").write_text("{{ _('Ahead of pace') }}")
    code, said = house("--check", "goals")
    assert code == 1
    assert "goals: es is stale" in said


def test_what_is_gone_from_the_code_goes_from_the_catalogue(house, tmp_path):
    house()
    (tmp_path / "app/goals/routes.py").write_text('_("Goal missed")\n')
    house()
    assert "Goal reached" not in catalogues.path_of("goals", "es").read_text()


def test_a_placeholder_that_was_translated_is_noticed(house, tmp_path):
    (tmp_path / "app/goals/routes.py").write_text('_("%(name)s wins")\n')
    house()
    translate("goals", **{"%(name)s wins": "Gana %(nombre)s"})
    code, said = house("--check")
    assert code == 1
    assert "other placeholders" in said


def test_a_text_known_to_another_room_is_taken_over_and_may_not_be_contradicted(house, tmp_path):
    house()
    translate("goals", **{"Goal reached": "Meta alcanzada"})
    (tmp_path / "templates/error.html").write_text("{% trans %}Goal reached{% endtrans %}")
    house("core")
    assert "Meta alcanzada" in catalogues.path_of("core", "es").read_text()
    path = catalogues.path_of("core", "es")
    path.write_text(path.read_text().replace("Meta alcanzada", "Objetivo logrado"))
    code, said = house("--check")
    assert code == 1
    assert "'Meta alcanzada' in goals" in said


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("app/goals/routes.py", '_("Add up to 100 %%")', "write % for"),
        ("app/goals/routes.py", '_("Add up to 100 %")', ""),
        ("app/goals/routes.py", '_("%(n)s is 100 %", n=1)', "write %% for"),
        ("templates/goals/show.html", "{{ _('Add up to 100 %') }}", "write %% for"),
        ("templates/goals/show.html", "{{ _('Add up to 100 %%') }}", ""),
    ],
)
def test_a_percent_sign_is_doubled_exactly_where_the_text_is_formatted(house, tmp_path, file, text, said):
    (tmp_path / file).write_text(text)
    assert said in house("goals")[1]
    assert ("percent sign" in house("goals")[1]) == bool(said)
