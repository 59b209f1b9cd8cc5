"""Keys of structured captions (`Tempo: …`, `语速：…`) and what they name."""

from __future__ import annotations

_EN = {
    "speaker_sex": "gender,sex,voice gender,speaker gender,speaker sex",
    "age": "age,age group,speaker age",
    "pitch": "pitch,voice pitch,register",
    "rate": "speed,rate,speaking rate,pace,speech rate,speaking speed,talking speed,pacing,pauses",
    "volume": "volume,loudness",
    "clarity": "clarity,articulation,diction,enunciation,pronunciation",
    "fluency": "fluency",
    "accent": "accent,dialect",
    "language": "language",
    "timbre": "timbre,texture,voice texture,voice quality,tone color,tone colour,sound,sound palette",
    "emotion": "emotion,feeling,emotions,affect",
    "intonation": "intonation,inflection,prosody,cadence",
    "personality": "personality,character,persona,traits",
    "style": "style,delivery,manner,speaking style,role,performance,tone,attitude",
    "content": "text,script,line,lines,words,content,transcript,says,dialogue,lyrics,speech text,spoken text,spoken line,lyric",
    "room": "room,space,acoustics,reverb,acoustic",
    "noise": "background,background noise,noise",
    "recording": "recording,quality,audio quality,recording quality,mic,microphone,sound quality",
    "distance": "distance,mic distance,proximity,position",
    "event": "sound,sounds,event,events,sfx,sound effects,sound effect,effects,effect,foley,fx,action,source,sources,sound source",
    "scene": "scene,setting,location,environment,place,ambience,ambiance,atmosphere,ambient",
    "order": "order,sequence,timeline",
    "duration": "duration,length,time,total length",
    "genre": "genre,genres,music genre,musical style",
    "mood": "mood,moods,vibe,feel,vibes",
    "tempo": "tempo,bpm",
    "metre": "metre,meter,time signature,time sig",
    "key": "key,mode,scale,tonality",
    "instrument": "instrument,instruments,instrumentation,arrangement,lead,drums,bass,guitar,guitars,piano,synths,synth,"
    "percussion,strings,keys,backing,ensemble,solo,lead instrument,harmony,brass,beat,orchestration,melody",
    "vocals": "vocals,vocal,singer,singing,lead vocal,voice type,vocalist,backing vocals,choir",
    "structure": "structure,form,intro,verse,chorus,bridge,outro,drop,breakdown,build,build-up,buildup,ending,hook,coda,"
    "opening,section,middle,solo section,pre-chorus,interlude,climax",
    "dynamics": "dynamics,dynamic",
    "production": "production,mix,mixing,mastering,master",
    "rhythm": "rhythm,groove,pattern",
    "level": "level,levels,balance",
    "transition": "transition,transitions",
    "speaker_count": "speakers,number of speakers",
    "speech": "speech,voice,narrator,narration,voiceover,voice-over,vo,speaker,host,voice over,woman,man,boy,girl,speaker a,"
    "speaker b,speaker one,speaker two,first speaker,second speaker,male,female,a,b,voice a,voice b,host a,host b,"
    "announcer,old man,old woman,child,interviewer,guest,customer,agent,teacher,student,mother,father,character",
    "music": "music,score,soundtrack,bgm,background music,theme,song,music bed,track,underscore",
    "other": "title,prompt,caption,description,notes,note,instruction,instructions,use,purpose,for,name,id,type,task,subset,context",
}
_ZH = {
    "speaker_sex": "性别",
    "age": "年龄,年纪,年龄段",
    "pitch": "音高,音调,声调,音域",
    "rate": "语速,速度感,停顿,说话速度,朗读速度",
    "volume": "音量,响度,声音大小",
    "clarity": "清晰度,吐字,咬字,发音",
    "fluency": "流利度,流畅度",
    "accent": "口音,方言",
    "language": "语言,语种",
    "timbre": "音色,嗓音,声线,音质,质感,声音质感",
    "emotion": "情绪,情感,感情,心情",
    "intonation": "语调,声调变化,韵律,抑扬",
    "personality": "性格,个性,人物性格",
    "style": "风格,语气,口吻,腔调,说话风格,角色,身份,口气,表达方式,演绎方式",
    "content": "文本,台词,内容,歌词,文字,原文,对白,朗读内容,朗读文本,台本",
    "room": "空间,混响,声学,房间,空间感",
    "noise": "背景,噪声,底噪,噪音,背景噪音,背景音",
    "recording": "录音,录音质量,设备,录制,音频质量",
    "distance": "距离,距离感,位置,远近",
    "event": "音效,声音,声音事件,事件,特效,拟音,动作,声源,效果声,声效",
    "scene": "场景,环境,地点,环境音,环境声,氛围",
    "order": "顺序,先后",
    "duration": "时长,长度,总时长,时间",
    "genre": "曲风,流派,体裁,类型,音乐风格,音乐类型",
    "mood": "情绪氛围,基调,气氛,心境",
    "tempo": "节奏速度,速度,曲速",
    "metre": "拍号,节拍,拍子",
    "key": "调性,调式,调",
    "instrument": "乐器,配器,编制,主奏,鼓,贝斯,伴奏乐器,主乐器,旋律,编曲,吉他,钢琴,弦乐,鼓组",
    "vocals": "演唱,唱法,主唱,人声演唱,和声,歌手",
    "structure": "结构,曲式,前奏,主歌,副歌,间奏,尾奏,结尾,桥段,开头,高潮,尾声,引子",
    "dynamics": "力度,强弱,动态",
    "production": "制作,混音,母带",
    "rhythm": "节奏,律动,节奏型",
    "level": "层次,电平,音量关系,主次,比例,平衡",
    "transition": "过渡,转场",
    "speaker_count": "人数,说话人数",
    "speech": "人声,语音,旁白,说话人,男声,女声,解说,主持人,角色一,角色二,甲,乙,女,男,主播,发音人,朗读者,声音一,讲述者",
    "music": "音乐,配乐,背景音乐,乐曲,伴奏",
    "other": "标题,用途,说明,备注,提示,要求,描述,提示词,任务",
}

LABELS = {key: name for table in (_ZH, _EN) for name, listed in table.items() for key in listed.split(",")}
"""Key in lower case to the dimension or context it names."""

CONTENT_KEYS = frozenset((_EN["content"] + "," + _ZH["content"]).split(","))
"""Keys whose value is spoken or sung."""

SPEECH_LABELS = frozenset(
    ["speaker_sex", "age", "rate", "volume", "clarity", "fluency", "accent", "emotion", "intonation", "personality"]
    + ["language", "speech", "speaker_count"]
)
MUSIC_LABELS = frozenset(
    ["genre", "tempo", "metre", "key", "instrument", "vocals", "structure", "dynamics", "production", "music"]
)
SOUND_LABELS = frozenset(["event", "scene", "order", "level"])
