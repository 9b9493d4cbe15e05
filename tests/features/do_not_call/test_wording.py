"""What counts as asking to be left alone, and what does not: the manual is the sentences themselves."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from leadsail.features.do_not_call.rules.characters import pieces, plain
from leadsail.features.do_not_call.rules.grammar import Automaton, Names, Step, parse
from leadsail.features.do_not_call.rules.lexicon import LANGUAGES, lexicon
from leadsail.features.do_not_call.rules.reading import LONGEST, across_commas, reader
from leadsail.features.do_not_call.rules.wording import asks_for_help, detect, detect_start
from tests.features.do_not_call.wording_score import phrases, scored

PRACTICE = Path(__file__).parents[1] / "contact_gate" / "wording" / "practice.tsv"


class TestWordsThatSaySoByThemselves:
    """47 CFR 64.1200(a)(10): stop, quit, end, revoke, opt out, cancel, unsubscribe; with Spanish and French ones."""

    @pytest.mark.parametrize(
        "message",
        [
            *[
                "STOP",
                "stop.",
                "“Stop”",
                "Please stop!",
                "STOP 🛑🛑",
                "stop stop stop",
                "S T O P",
                "st0p",
                "ＳＴＯＰ",
                "stpo",
            ],
            *["quit", "End", "REVOKE", "Opt-out", "opt out please", "Cancel", "unsuscribe", "STOPALL", "sto\u200bp"],
            *["ALTO", "parar", "Baja por favor", "CANCELAR", "ARRET", "Arrêt svp", "Ѕtоp"],
        ],
    )
    def test_are_understood_in_any_dress(self, message: str) -> None:
        heard = detect(message, "sms")

        assert heard is not None
        assert heard.certainty == "per_se"

    @pytest.mark.parametrize("message", ["shop", "step 2", "stop by at 3", "cancel my appointment", "the end", "quiet"])
    def test_are_not_found_inside_other_messages(self, message: str) -> None:
        assert detect(message, "sms") is None


class TestRequestsInFreeWording:
    @pytest.mark.parametrize(
        "said",
        [
            "Stop calling me",
            "uh yeah could you um take me off your list",
            "lose my number",
            "I don't want the quote but don't call again",
            "My husband does not want your calls",
            "this is my daughter's phone, don't text it",
            "If you call me one more time I'm calling my lawyer",
            "I said stop calling me three times",
            "Wrong number. Remove it please",
            "No more texts",
            "leave me the hell alone",
            "🛑 texting me",
            "stopcallingme",
            "plz rmove my numbr",
            "How many times do I have to tell you to stop?",
            "consent revoked",
            "add me to the do not call list",
            "no me llamen más",
            "quítenme de su lista por favor",
            "déjenme en paz",
            "si me vuelven a llamar los denuncio",
            "ne m'appelez plus",
            "arrêtez de m'appeler s'il vous plaît",
            "retirez-moi de votre liste",
            "je ne veux plus recevoir vos messages",
        ],
    )
    def test_are_understood_as_a_reasonable_person_would(self, said: str) -> None:
        heard = detect(said, "speech")

        assert heard is not None
        assert heard.certainty == "free"

    def test_say_which_words_decided(self) -> None:
        heard = detect("Hi! Nice offer, but please stop texting me. Thanks", "sms")

        assert heard is not None
        assert heard.rule.startswith("en.cease")
        assert heard.matched == "stop texting"

    def test_misheard_words_count_in_speech_alone(self) -> None:
        assert detect("leave me a loan", "speech") is not None
        assert detect("leave me a loan", "sms") is None


class TestWhatOnlyLooksLikeARequest:
    @pytest.mark.parametrize(
        "said",
        [
            "don't stop calling me",
            "Please don't take me off the list",
            "stop by my house tomorrow",
            "I'm at the bus stop",
            "I can't stop laughing",
            "cancel my appointment",
            "when does the offer end",
            "end the call, call me tomorrow",
            "how do I opt out?",
            "what happens if I reply STOP",
            "text me instead",
            "stop calling, text me instead",
            "not now, call me later",
            "don't call before 9",
            "not interested",
            "wrong number",
            "my ex told me to stop texting her lol",
            "take me off hold",
            "I quit my job",
            "remove the old panels",
            "debt collectors won't stop calling me, can you help?",
            "no me llamo Juan",
            "déjeme un mensaje",
            "no me llame ahora, mañana sí",
            "¿cómo me doy de baja?",
            "n'arrêtez pas de m'appeler",
            "je suis à l'arrêt de bus",
            "rappelez-moi demain",
        ],
    )
    def test_is_left_alone(self, said: str) -> None:
        assert detect(said, "sms") is None


class TestStartAndHelp:
    @pytest.mark.parametrize("message", ["START", "unstop", "Opt in please", "resume", "INICIAR", "reprendre svp"])
    def test_start_is_a_whole_message(self, message: str) -> None:
        assert detect_start(message)
        assert detect(message, "sms") is None

    @pytest.mark.parametrize("message", ["don't start", "start the roof on Monday", "yes", "stop", ""])
    def test_start_is_nothing_else(self, message: str) -> None:
        assert not detect_start(message)

    @pytest.mark.parametrize("message", ["HELP", "info please", "AYUDA", "aide"])
    def test_help_is_a_whole_message(self, message: str) -> None:
        assert asks_for_help(message)

    def test_help_within_a_sentence_is_conversation(self) -> None:
        assert not asks_for_help("can you help me with the roof")


class TestSecondOpinion:
    def test_is_asked_where_the_rules_are_silent(self) -> None:
        heard = detect("calls like this make my skin crawl", "sms", second_opinion=lambda _: 0.9)

        assert heard is not None
        assert heard.rule == "second-opinion"

    def test_is_not_asked_about_other_things(self) -> None:
        assert detect("the roof is red", "sms", second_opinion=lambda _: 1.0) is None

    def test_does_not_overrule_a_harmless_phrase(self) -> None:
        assert detect("don't stop calling me", "sms", second_opinion=lambda _: 1.0) is None


class TestPracticePhrases:
    def test_are_judged_as_the_product_promises(self) -> None:
        """Every word that says so by itself, 99 % of free wording, and no more than 1 % of false alarms."""
        score = scored(phrases(PRACTICE))

        assert score.share_opted_out("per_se") == 1.0
        assert score.share_opted_out("free") >= 0.99
        assert score.share_opted_out("keep") <= 0.01


class TestHostileInput:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "\x00\x01\x02",
            "🎉" * 500,
            "\u202estop\u202c" * 3,
            "مرحبا كيف حالك",
            "'" * 400,
            "$" * 400,
            "()[]<>|_3 ^ $",
        ],
    )
    def test_is_answered_like_any_other(self, text: str) -> None:
        assert detect(text, "sms") == detect(text, "sms")

    def test_a_request_at_either_end_of_a_long_text_is_found(self) -> None:
        noise = "the roof is red and the sky is blue " * 3_000

        assert detect("stop calling me. " + noise, "speech") is not None
        assert detect(noise + " stop calling me", "speech") is not None
        assert detect(noise, "speech") is None

    @pytest.mark.parametrize(
        "part",
        ["stop ", "do not ever call me again ", "please ", "s t o p ", "a b c ", "if you call me, ", "🛑📞 ", "no "],
    )
    def test_twice_the_text_is_at_most_twice_the_work(self, part: str) -> None:
        once, twice = (_moves_made(part * times) for times in (150, 300))

        assert twice <= 2.1 * once

    def test_what_is_read_is_bounded(self) -> None:
        assert len(reader().read("no way " * LONGEST)) < LONGEST


class TestLexicon:
    def test_every_word_of_it_can_occur_in_a_message(self) -> None:
        words = {word for word in lexicon().known if not word.startswith(("<", "~", "_")) and word.isalnum()}

        unreadable = [word for word in words if list(pieces(plain(word), {})) != [word]]

        assert unreadable == []

    def test_every_language_has_its_own_start_and_stop(self) -> None:
        assert {whole.language for whole in lexicon().whole_messages} == LANGUAGES.keys()

    @pytest.mark.parametrize("pattern", ["( a", "a )", "[ a | b", "( a ]"])
    def test_a_pattern_with_a_wrong_bracket_is_named(self, pattern: str) -> None:
        with pytest.raises(ValueError, match="bracket"):
            parse(pattern)

    def test_a_list_that_is_missing_is_named(self) -> None:
        with pytest.raises(ValueError, match="<verbs>"):
            Names({"requests": "stop <verbs>"})


@dataclass(slots=True)
class _Counting(Automaton):
    """The automaton, counting how many states it looks at."""

    looked: list[int] = field(default_factory=list)

    def _move(self, state: int, start: int, labels: AbstractSet[str], reached: dict[int, int]) -> None:
        self.looked.append(state)
        Automaton._move(self, state, start, labels, reached)


def _moves_made(text: str) -> int:
    steps: Sequence[Step] = across_commas(reader().steps(reader().read(text)))
    automaton = lexicon().asking
    counting = _Counting(_ends=automaton._ends, _moves=automaton._moves)
    matches = sum(1 for _ in counting.run(steps))
    return len(counting.looked) + matches
