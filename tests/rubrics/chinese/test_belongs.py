"""To what a Chinese word belongs: the thing beside it, the whole piece, one of two voices, or nothing that is asked."""

from __future__ import annotations

import itertools

import pytest

from audiojudge_cli.rubrics.expander import Expander


def asked(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption).items]


@pytest.mark.parametrize(
    ("thing", "how"), list(itertools.product(["鼓点", "吉他", "贝斯", "铜管"], ["强劲", "强烈", "有力"]))
)
def test_strength_belongs_to_the_instrument(rules: Expander, thing: str, how: str) -> None:
    questions = asked(rules, f"一首电子舞曲，{thing}{how}")
    assert any(thing in question and how in question for question in questions)
    assert f"音乐是否{how}？" not in questions


@pytest.mark.parametrize(
    ("thing", "how"),
    list(itertools.product(["鼓", "吉他", "电子音色"], ["也不要太快", "不要太慢", "节奏缓慢", "情绪悲伤"])),
)
def test_nothing_is_said_of_what_is_denied(rules: Expander, thing: str, how: str) -> None:
    questions = asked(rules, f"一段钢琴曲，不要{thing}，{how}")
    assert f"是否没有{thing}？" in questions
    assert not any(question.startswith(thing) for question in questions)
    assert any(question.startswith("音乐") and question[-2] in how for question in questions)


@pytest.mark.parametrize(("voice", "how"), list(itertools.product(["男声", "女声"], ["深情", "悲伤", "温柔", "激动"])))
def test_the_emotion_behind_a_voice_is_the_voices(rules: Expander, voice: str, how: str) -> None:
    questions = asked(rules, f"一首抒情歌，{voice}{how}，钢琴伴奏")
    assert f"{voice}听起来是否{how}？" in questions
    assert f"音乐是否{how}？" not in questions


@pytest.mark.parametrize("bass", ["低音很重", "808低音", "低音浑厚"])
def test_the_low_part_is_no_pitch_of_what_stands_before_it(rules: Expander, bass: str) -> None:
    questions = asked(rules, f"中国风说唱，琵琶，鼓，{bass}")
    assert "是否能听到低音？" in questions
    assert not any(question.endswith("是否低音？") for question in questions)


@pytest.mark.parametrize("verb", ["唱", "哼唱", "鼓掌", "念", "跳"])
def test_who_joins_in_does_not_come_after(rules: Expander, verb: str) -> None:
    caption = f"现场摇滚乐，主唱嘶吼，观众在跟着{verb}"
    assert not [item for item in rules.expand(caption).items if item.dimension == "order"]


def test_what_follows_comes_after(rules: Expander) -> None:
    assert "雷声是否在敲门声之后出现？" in asked(rules, "先是敲门声，跟着响起雷声")


@pytest.mark.parametrize("preposition", ["对着", "朝着", "冲着"])
def test_what_a_sound_is_made_at_makes_none(rules: Expander, preposition: str) -> None:
    questions = asked(rules, f"两只狗{preposition}路过的摩托车狂吠")
    assert f"是否能听到狗{preposition}路过的摩托车狂吠的声音？" in questions
    assert not any(question.startswith("是否能听到摩托车") for question in questions)


def test_a_verb_takes_its_object_along(rules: Expander) -> None:
    assert "是否能听到踩着落叶的声音？" in asked(rules, "有人踩着落叶慢慢走近")
    assert "是否能听到海浪拍打礁石的声音？" in asked(rules, "海浪拍打礁石，海鸥鸣叫")


@pytest.mark.parametrize("adverb", ["缓缓", "慢慢", "徐徐"])
def test_how_a_happening_goes_on_is_no_rhythm_of_it(rules: Expander, adverb: str) -> None:
    caption = f"火车{adverb}进站"
    assert not [item for item in rules.expand(caption).items if item.dimension == "rhythm"]


@pytest.mark.parametrize("adverb", ["逐渐", "渐渐", "慢慢"])
def test_how_a_mood_goes_on_is_asked_of_the_mood(rules: Expander, adverb: str) -> None:
    questions = asked(rules, f"一首悲伤的歌曲，钢琴和弦乐，情绪{adverb}高涨")
    assert f"音乐的情绪是否{adverb}高涨？" in questions
    assert not any(question.endswith(f"是否{adverb}？") for question in questions)


@pytest.mark.parametrize(
    ("part", "how"), list(itertools.product(["副歌", "主歌", "前奏", "尾奏"], ["高亢", "安静", "欢快"]))
)
def test_what_is_said_of_a_part_is_not_asked_of_the_piece(rules: Expander, part: str, how: str) -> None:
    questions = asked(rules, f"粤语流行歌，钢琴，{part}部分{how}")
    assert f"音乐是否符合“{part}部分{how}”？" in questions
    assert f"音乐是否{how}？" not in questions


def test_the_end_of_a_piece_is_that_of_the_piece(rules: Expander) -> None:
    questions = asked(rules, "钢琴曲，中段加入鼓和贝斯，结尾渐弱")
    assert "结尾，音乐是否渐弱？" in questions


@pytest.mark.parametrize(
    ("without", "what"), list(itertools.product(["歌词", "鼓", "伴奏", "人声"], ["女声吟唱", "钢琴曲", "吉他独奏"]))
)
def test_a_denial_before_de_reaches_no_further(rules: Expander, without: str, what: str) -> None:
    rubric = rules.expand(f"一段没有{without}的{what}")
    assert not [item for item in rubric.items if item.negated and what[-2:] in item.question]
    assert [item for item in rubric.items if not item.negated and item.dimension in {"vocals", "genre", "instrument"}]


@pytest.mark.parametrize("thing", ["男人的说话声", "狗的叫声", "钢琴的声音"])
def test_a_denied_things_sound_is_denied(rules: Expander, thing: str) -> None:
    assert all(item.negated for item in rules.expand(f"雷声，没有{thing}").items[1:])


@pytest.mark.parametrize(
    ("caption", "act"),
    [
        ("男女对唱的民谣，吉他伴奏", "演唱"),
        ("一个男人和一个女人在说话，男人语气冷静", "说话"),
        ("爷爷说话，小女孩笑着回答", "说话"),
    ],
)
def test_two_sexes_are_asked_as_two_voices(rules: Expander, caption: str, act: str) -> None:
    questions = asked(rules, caption)
    assert {f"是否有男性{act}？", f"是否有女性{act}？"} <= set(questions)
    assert not any(question.endswith(("是否为男性？", "是否为女性？")) for question in questions)


def test_one_sex_is_asked_of_the_voice(rules: Expander) -> None:
    assert "说话人是否为女性？" in asked(rules, "两位女主播播报新闻，语气严肃")


def test_a_genre_takes_the_kind_of_piece_along_and_is_none_of_a_sound(rules: Expander) -> None:
    assert "音乐是否属于圣诞歌曲？" in asked(rules, "儿童合唱团演唱圣诞歌曲")
    assert not [item for item in rules.expand("4秒的电子提示音，音调由低到高").items if item.dimension == "genre"]


@pytest.mark.parametrize("noise", ["电流声", "底噪", "杂音"])
def test_noise_keeps_its_adjective(rules: Expander, noise: str) -> None:
    questions = asked(rules, f"电话里的女声，有轻微的{noise}，语气冷漠")
    assert f"是否有轻微的{noise}？" in questions
    assert "女声的音量是否轻微？" not in questions


@pytest.mark.parametrize(("low", "high"), [("60", "120"), ("90", "140")])
def test_a_tempo_that_changes_is_one_claim(rules: Expander, low: str, high: str) -> None:
    found = [
        item for item in rules.expand(f"速度从{low}BPM逐渐加快到{high}BPM的打击乐").items if item.dimension == "tempo"
    ]
    assert [item.question for item in found] == [f"音乐的速度是否从{low}BPM逐渐加快到{high}BPM？"]


def test_a_time_range_tells_when_something_is_heard(rules: Expander) -> None:
    questions = asked(rules, "0-4秒：直升机由远及近；4-7秒：雷声阵阵")
    assert "直升机的声音是否出现在第0秒到第4秒之间？" in questions
    assert "雷声是否出现在第4秒到第7秒之间？" in questions


@pytest.mark.parametrize(
    ("part", "thing"), list(itertools.product(["前奏", "间奏", "尾奏"], ["萨克斯", "口琴", "钢琴"]))
)
def test_an_instruments_part_is_asked_with_it(rules: Expander, part: str, thing: str) -> None:
    assert f"音乐中是否有{thing}{part}？" in asked(rules, f"一首民谣，男声演唱，{thing}{part}")


@pytest.mark.parametrize("only", ["只有钢琴伴奏", "只用一架钢琴"])
def test_only_one_instrument(rules: Expander, only: str) -> None:
    assert "乐器是否只有钢琴？" in asked(rules, f"伤感的男声情歌，{only}")
    assert "乐器是否只有钢琴？" not in asked(rules, f"伤感的男声情歌，前奏{only}，副歌加入鼓")


@pytest.mark.parametrize("how", ["强烈", "整齐", "稀疏"])
def test_what_is_no_speed_is_said_of_the_rhythm(rules: Expander, how: str) -> None:
    questions = asked(rules, f"硬核说唱，男声演唱，节奏{how}")
    assert f"音乐的速度是否{how}？" not in questions
    assert any(question.endswith(f"节奏是否{how}？") for question in questions)


@pytest.mark.parametrize("how", ["得当", "恰当", "短促", "自然", "合理"])
def test_how_somebody_pauses_asks_for_no_pause(rules: Expander, how: str) -> None:
    questions = asked(rules, f"请用女声朗读，吐字清晰，停顿{how}")
    assert f"女声的停顿是否{how}？" in questions
    assert not any(question.endswith("是否停顿？") for question in questions)


@pytest.mark.parametrize("verb", ["敲", "拍", "撞"])
def test_a_count_stands_between_verb_and_object(rules: Expander, verb: str) -> None:
    assert f"{verb}木门的声音是否正好三下？" in asked(rules, f"有人{verb}了三下木门")


@pytest.mark.parametrize("role", ["作", "做", "作为"])
def test_what_a_sound_serves_as_is_no_part_of_its_name(rules: Expander, role: str) -> None:
    assert "是否能听到雨声？" in asked(rules, f"舒缓的钢琴曲，雨声{role}背景")


@pytest.mark.parametrize("what", ["现场感", "冲击力", "节奏感"])
def test_a_noun_keeps_its_adjective(rules: Expander, what: str) -> None:
    assert "音乐是否强？" not in asked(rules, f"一首摇滚歌曲，电吉他，{what}强")


@pytest.mark.parametrize("key", ["旁白", "解说"])
def test_a_key_names_how_somebody_speaks(rules: Expander, key: str) -> None:
    rubric = rules.expand(f"{key}：低沉的男声，语速缓慢")
    assert any(item.dimension == "style" and item.question.endswith(f"{key}？") for item in rubric.items)
    assert "content" not in [item.dimension for item in rubric.items]


def test_keys_name_what_is_there_where_several_parts_are_told(rules: Expander) -> None:
    questions = asked(rules, "人声：老年男性，京腔；音效：茶碗盖碰响；音乐：三弦，轻快")
    assert {"是否有人声？", "是否有音乐？"} <= set(questions)
    assert "是否有音乐？" not in asked(rules, "音乐：钢琴，轻快")


def test_the_beat_of_a_sound_is_no_tempo_of_music(rules: Expander) -> None:
    rubric = rules.expand("乒乓球来回击打，节奏越来越快，观众偶尔喝彩")
    assert "tempo" not in [item.dimension for item in rubric.items]


@pytest.mark.parametrize("link", ["到", "转", "变"])
def test_from_one_end_to_the_other_is_one_claim(rules: Expander, link: str) -> None:
    found = [
        item.question for item in rules.expand(f"女声，语速由慢{link}快，情绪平静").items if item.dimension == "rate"
    ]
    assert found == [f"女声的语速是否由慢{link}快？"]


def test_what_a_sound_no_longer_is_is_not_asked(rules: Expander) -> None:
    assert not any(
        question.endswith("是否安静？") for question in asked(rules, "烧水壶从安静到沸腾，最后发出尖锐的哨声")
    )


def test_how_a_voice_sounds_is_said_of_the_voice_named_before(rules: Expander) -> None:
    assert "女声听起来是否带点沙哑？" in asked(rules, "雷鬼，慵懒的贝斯线，女声，带点沙哑")


def test_the_length_behind_a_denial_is_the_clips(rules: Expander) -> None:
    assert "录音的时长是否大约1分钟？" in asked(rules, "小溪流水声，鸟叫，不要风声，持续1分钟")
    assert "雷声是否持续大约1分钟？" in asked(rules, "小溪流水声，雷声，持续1分钟")
