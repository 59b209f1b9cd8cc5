from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.grammar import parse


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("score.mean >= 0.80", "score.mean >= 0.8"),
        ("score.mean>=80%", "score.mean >= 0.8"),
        ("  score.median\t> .5 ", "score.median > 0.5"),
        ("score.p10 >= 0.3 at 99 %", "score.p10 >= 0.3 at 99%"),
        ("score.p2.5 >= 0.3", "score.p2.5 >= 0.3"),
        ("pass_rate >= 0.9 at 0.95", "pass_rate >= 0.9 at 95%"),
        ("count.error == 0", "count.error == 0"),
        ("score.mean[subset=speech] >= 0.7", "score.mean[subset=speech] >= 0.7"),
        ("score.mean[ model = 'v 2' , subset=\"mix\"] >= 0.7", 'score.mean[model="v 2", subset=mix] >= 0.7'),
        ('score.mean["a=b"="]"] >= 0.7', 'score.mean["a=b"="]"] >= 0.7'),
        ("score.mean[model=v2.1] >= 0.7", "score.mean[model=v2.1] >= 0.7"),
        ("dimension.tempo.mean >= 0.6", "score.mean[dimension=tempo] >= 0.6"),
        ("dimension.tempo.p10 >= 0.6", "score.p10[dimension=tempo] >= 0.6"),
        ("dimension.tempo.yes_rate[subset=music] >= 0.6", "match_rate[subset=music, dimension=tempo] >= 0.6"),
        ("dimension.gender.coverage >= 0.6", "coverage[dimension=speaker_sex] >= 0.6"),
        ("dimension.'my own'.count >= 6", "count[dimension=my_own] >= 6"),
        ("regression.score.mean <= 0.02 at 95%", "regression.score.mean <= 0.02 at 95%"),
        ("regression.score.mean < -0.02", "regression.score.mean < -0.02"),
        ("regression.dimension.tempo.mean <= 0.02", "regression.score.mean[dimension=tempo] <= 0.02"),
        ("score.mean[语言=中文] >= 0.5", "score.mean[语言=中文] >= 0.5"),
        ("score.mean[subset=*] >= 0.5", "score.mean[subset=*] >= 0.5"),
        ("score.mean[ subset = * , model=v2 ] >= 0.5", "score.mean[model=v2, subset=*] >= 0.5"),
        ("score.mean[model='*'] >= 0.5", 'score.mean[model="*"] >= 0.5'),
        ("score.mean[model=v*] >= 0.5", "score.mean[model=v*] >= 0.5"),
        ("score.mean[subset=*, dimension=*] >= 0.5", "score.mean[dimension=*, subset=*] >= 0.5"),
        ("dimension.tempo.mean[model=*] >= 0.5", "score.mean[dimension=tempo, model=*] >= 0.5"),
        ("quality.mos >= 3.5", "quality.mos.mean >= 3.5"),
        ("wer.mean <= 5% at 95%", "quality.wer.mean <= 0.05 at 95%"),
        ("cer <= 0.05", "quality.cer.mean <= 0.05"),
        ("quality.lufs.median >= -24", "quality.lufs.median >= -24"),
        ("quality.snr_db.p10[subset=speech] > 20", "quality.snr_db.p10[subset=speech] > 20"),
        ("quality.clipped_pct <= 0.1  for   each", "quality.clipped_pct <= 0.1 for each"),
        ("quality.true_peak_db[model=*] <= -1 for each", "quality.true_peak_db[model=*] <= -1 for each"),
        ("quality.faults==0", "quality.faults == 0"),
        ("quality.faults.dead-channel == 0", "quality.faults.dead-channel == 0"),
        ("quality.fault_rate <= 2% at 90%", "quality.fault_rate <= 0.02 at 90%"),
        ("regression.quality.mos <= 0.2 at 95%", "regression.quality.mos.mean <= 0.2 at 95%"),
        ("regression.quality.fault_rate.loop <= 1%", "regression.quality.fault_rate.loop <= 0.01"),
    ],
)
def test_rules_have_one_canonical_form(text: str, canonical: str) -> None:
    assert parse(text).text == canonical
    assert parse(canonical).text == canonical


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("score.maen >= 0.8", "did you mean 'score.mean'"),
        ("scores >= 0.8", "unknown figure 'scores'"),
        ("score >= 0.8", "unknown figure 'score'"),
        ("score.p0 >= 0.8", "unknown figure"),
        ("score.p100 >= 0.8", "unknown figure"),
        ("regression >= 0.8", "unknown figure ''"),
        ("score.mean", "comparison"),
        ("score.mean >=", "a number is missing at the end"),
        ("score.mean >= high", "a number is missing before 'high'"),
        ("score.mean >= nan", "a number is missing"),
        ("score.mean >= inf", "a number is missing"),
        ("score.mean >= 1e-9", "a number is missing"),
        ("score.mean >= 0.8.1", "a number is missing"),
        ("score.mean >= 0.8 and coverage >= 0.5", "is left over"),
        ("score.mean >= 0.8 at", "a confidence such as 95%"),
        ("score.mean >= 0.8 at 5%", "a confidence lies from 50%"),
        ("score.mean >= 0.8 at 95", "a confidence lies from 50%"),
        ("score.mean >= 0.8 at 100%", "a confidence lies from 50%"),
        ("score.mean => 0.8", "comparison"),
        ("score.mean = 0.8", "comparison"),
        ("score.mean != 0.8", "comparison"),
        ("score.mean == 0.8", "== is for counts"),
        ("score.mean[subset=*, subset=speech] >= 0.5", "'subset' is there twice"),
        ("dimension.tempo.mean[dimension=*] >= 0.5", "'dimension' is there twice"),
        ("error_rate[dimension=*] <= 0.5", "counts whole clips"),
        ("score.mean >= 80", "makes no rule"),
        ("pass_rate >= 95", "makes no rule"),
        ("error_rate <= 5", "makes no rule"),
        ("error_rate >= 0.05", "bounded from above"),
        ("score.mean >= 0", "always true"),
        ("error_rate <= 1", "always true"),
        ("count >= 0", "always true"),
        ("count >= -5", "makes no rule"),
        ("score.mean > 1", "never true"),
        ("count < 0", "never true"),
        ("regression.score.mean <= 1", "always true"),
        ("regression.score.mean <= 2%%", "left over"),
        ("regression.score.mean >= 0.02", "bounded from above"),
        ("regression.count <= 0.02", "a count has no regression"),
        ("count >= 5 at 95%", "a count is a fact"),
        ("score.mean[subset] >= 0.8", "= is missing"),
        ("score.mean[] >= 0.8", "a key such as subset"),
        ("score.mean[subset=speech >= 0.8", "] is missing"),
        ("score.mean[subset=speech,subset=music] >= 0.8", "twice"),
        ("dimension.tempo.mean[dimension=key] >= 0.8", "twice"),
        ("dimension.tempo >= 0.8", "a dot and mean"),
        ("dimension.tempo.error_rate <= 0.1", "has no dimension"),
        ("dimension.tempo.maen >= 0.1", "unknown figure of a dimension"),
        ("quality.moss >= 3", "did you mean 'quality.mos'"),
        ("quality >= 3", "unknown figure 'quality'"),
        ("quality.mos.max >= 3", "quality.mos is a mean"),
        ("quality.mos >= 35", "is from 0 to 6"),
        ("quality.mos >= 0", "always true"),
        ("quality.mos > 6", "never true"),
        ("quality.clipped_pct <= 1%", "is in % already; write 1"),
        ("quality.silence_pct <= 101", "is from 0 to 100"),
        ("quality.clipped_pct >= 1", "bounded from above"),
        ("wer >= 0.2", "bounded from above"),
        ("quality.mos >= 3 for", "is left over"),
        ("quality.mos >= 3 at 95% for each", "is left over"),
        ("quality.mos.mean >= 3 for each", "one figure over all clips"),
        ("quality.mos.p10 >= 3 for each", "one figure over all clips"),
        ("score.mean >= 0.5 for each", "for each is for figures"),
        ("quality.faults == 0 for each", "for each is for figures"),
        ("regression.quality.mos <= 0.5 for each", "a regression is over all clips"),
        ("regression.quality.lufs <= 1", "neither more nor less"),
        ("regression.quality.faults <= 1", "a count has no regression"),
        ("quality.faults.clip == 0", "did you mean 'clipped'"),
        ("quality.fault_rate.x <= 0.5", "no fault is called"),
        ("dimension.tempo.quality.mos >= 3", "unknown figure of a dimension"),
        ("quality.mos[dimension=tempo] >= 3", "has no dimension"),
        ("quality.mos == 3", "== is for counts"),
        ("__import__('os').system('true') >= 0.1", "unknown figure '__import__'"),
        ("score.mean >= 0.8; import os", "left over"),
        ("lambda: 1", "unknown figure 'lambda'"),
        ("x" * 2000, "at most 1,000 characters"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError) as error:
        parse(text)
    assert says in str(error.value)


@given(st.text(max_size=60) | st.text(alphabet=string.ascii_lowercase + " .<>=[]\"'%0189,", max_size=40))
def test_any_text_is_a_rule_or_one_clear_line(text: str) -> None:
    problem = ""
    try:
        rule = parse(text)
    except InputError as error:
        problem = str(error)
    else:
        assert parse(rule.text) == rule
    assert problem.isprintable()


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_any_name_can_be_written(key: str, value: str) -> None:
    import json

    if key == "dimension":
        return
    rule = parse(f"score.mean[{json.dumps(key)}={json.dumps(value, ensure_ascii=False)}] >= 0.5")
    assert rule.selection.where == ((key, value),)
    assert parse(rule.text) == rule


@pytest.mark.parametrize("name", ["my model", "a/b", "=cmd|x", "v1+lora", "(new)", "好/坏", "model%"])
def test_a_system_with_blanks_or_signs_is_read_in_quotes_and_without_them_is_told_so(name):
    assert parse(f'winrate."{name}" >= 0.4').figure.system == name
    with pytest.raises(InputError, match=r"quotes .*before"):
        parse(f"winrate.{name} >= 0.4")
