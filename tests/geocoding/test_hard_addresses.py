"""Addresses as people write them: abbreviated, reversed, mixed up, in pinyin; and texts that are no address."""

from __future__ import annotations

import time

import pytest

from qjmap.geocoding import OfflineLocator

CHINA = OfflineLocator()

RESOLVED = [
    ("渝万州区", "500101"), ("川泸州", "510500"), ("黔毕节", "520500"), ("川自贡市大安区", "510304"),
    ("渝綦江区通惠街道", "500110007"), ("黔贵阳南明", "520102"), ("渝中区解放碑", "500103003"),
    ("渝北回兴街道", "500157018"), ("自贡高新区", "zone-zigonggaoxinqu"), ("贵阳高新区", "zone-guiyanggaoxinqu"),
    ("两江新区", "500157"), ("重庆两江新区水土", "500157005"), ("西部科学城", "zone-xibuchongqingkexuecheng"),
    ("万盛经开区", "zone-wanshengjingkaiqu"), ("万盛经开区万东镇", "500110100"),
    ("綦江万盛经开区", "zone-wanshengjingkaiqu"), ("重庆市万盛经济技术开发区", "zone-wanshengjingkaiqu"),
    ("四川自贡高新技术产业开发区荣川路", "zone-zigonggaoxinqu"), ("贵安新区", "zone-guizhouguianxinqu"),
    ("成都天府新区", "zone-tianfuxinqu"), ("四川天府新区兴隆街道", "zone-tianfuxinqu"),
    ("綦江高新区", "zone-qijianggaoxinqu"), ("綦江工业园区", "zone-chongqingqijianggongyeyuanqu"),
    ("綦江区重庆市", "500110"), ("打通镇綦江区", "500110111"), ("打通镇 重庆 綦江", "500110111"),
    ("解放路1号，綦江区，重庆市", "500110"), ("中国重庆市綦江区", "500110"), ("中华人民共和国重庆市綦江区", "500110"),
    ("中国 四川 自贡", "510300"), ("Qijiang", "500110"), ("Qijiang, Chongqing", "500110"),
    ("Chongqing Qijiang", "500110"), ("qijiang qu chongqing shi", "500110"),
    ("Zigong City, Sichuan Province, China", "510300"), ("Guiyang High-tech Zone", "zone-guiyanggaoxinqu"),
    ("Wansheng", "zone-wanshengjingkaiqu"), ("Chongqing", "500000"), ("CHONGQING CHINA", "500000"),
    ("Zunyi, Guizhou", "520300"), ("Zigong Sichuan", "510300"), ("Datong Town, Qijiang District", "500110"),
    ("Singapore", "SG"), ("重慶市綦江區打通鎮", "500110111"), ("貴州省遵義市", "520300"), ("四川省自貢市", "510300"),
    ("臺灣省臺北市", "710009"), ("廣東省廣州市", "440100"), ("重庆市綦江区打通真", "500110"),
    ("重庆市棋江区", "500110"), ("四川省子贡市", "510300"), ("贵洲省贵阳市", "520100"),
    ("四川省泸洲市", "510500"), ("重庆綦江区古楠街道", "500110003"), ("重庆市綦江区石豪镇", "500110112"),
    ("遵义市红花岗区", "520302"), ("重庆市綦江区文龙街道九龙大道三十八号", "500110004"),
    ("重庆市綦江区古南街道一〇〇号", "500110003"), ("六盘水市六枝特区", "520203"), ("三台县", "510722"),
    ("五通桥区", "511112"), ("九龙坡区", "500107"), ("重庆九龙坡区二郎", "500107009"), ("毕节七星关区", "520502"),
    ("重庆钢铁股份有限公司", "500000"), ("重庆綦江齿轮传动有限公司", "500110"), ("泸州老窖股份有限公司", "510500"),
    ("自贡市东方锅炉厂", "510300"), ("上海大众汽车有限公司", "310000"), ("重庆市綦江区四川饭店", "500110"),
    ("成都重庆路12号", "510100"), ("重庆成都大道", "500000"), ("上海市南京东路", "310000"),
    ("贵阳市北京路", "520100"), ("贵阳市延安中路", "520100"), ("自贡市泸州街", "510300"), ("东京", "geonames-1850147"),
    ("法国巴黎", "geonames-2988507"), ("泰国曼谷", "geonames-1609350"), ("越南河内", "geonames-1581130"),
    ("美国旧金山", "geonames-5391959"),
    ("新加坡裕廊岛", "SG"), ("马来西亚巴生港", "port-MYPKG"), ("长寿", "500115"), ("大方", "520521"),
    ("北京朝阳区", "110105"), ("北京市朝阳区建国路", "110105"), ("长春朝阳区", "220104"), ("杭州西湖区", "330106"),
    ("南昌西湖", "360103"), ("綦江县", "500110"), ("万盛区", "500110"), ("巴县", "500113"), ("涪陵地区", "500102"),
    ("涪陵市", "500102"), ("万县市", "500101"), ("黔江县", "500114"), ("遵义县", "520304"), ("贵州省盘县", "520281"),
    ("宜宾县", "511504"), ("重庆江北区", "500105"), ("重庆市江北区观音桥", "500157019"), ("渝北", "500112"),
    ("大足县龙水镇", "500111102"), ("南川市", "500119"), ("重庆南川", "500119"), ("江津", "500116"),
    ("江津市", "500116"), ("合川市", "500117"), ("永川市", "500118"), ("城口县", "500229"),
    ("重庆市酉阳县", "500242"), ("酉阳", "500242"), ("秀山县", "500241"), ("石柱土家族自治县", "500240"),
    ("彭水苗族土家族自治县", "500243"), ("黔东南", "522600"), ("黔东南州凯里市", "522601"), ("黔西南州", "522300"),
    ("黔西南布依族苗族自治州兴义市", "522301"), ("黔南州都匀", "522701"), ("凉山州西昌", "513401"),
    ("阿坝", "513200"), ("甘孜州康定", "513301"), ("恩施州", "422800"), ("湘西州吉首", "433101"),
    ("西双版纳", "532800"), ("大理州大理市", "532901"), ("延边州", "222400"), ("内蒙呼和浩特", "150100"),
    ("内蒙古鄂尔多斯", "150600"), ("新疆乌鲁木齐", "650100"), ("西藏拉萨", "540100"), ("宁夏银川", "640100"),
    ("广西南宁", "450100"), ("香港", "810000"), ("澳门", "820000"), ("台湾", "710000"), ("海南三亚", "460200"),
    ("东莞长安镇", "441900119"), ("广东东莞市虎门", "441900121"), ("中山市小榄镇", "442000118"),
    ("嘉峪关市", "620200"), ("仙桃市", "429004"), ("济源", "419001"), ("石河子", "659001"),
    ("吉林省吉林市", "220200"), ("吉林吉林市", "220200"), ("吉林市", "220200"), ("海南藏族自治州", "632500"),
    ("海南", "460000"), ("河南", "410000"), ("河南蒙古族自治县", "632324"), ("青海河南县", "632324"),
    ("湖北", "420000"), ("山东省 济南市 市中区", "370103"), ("济南市中区", "370103"), ("内江市中区", "511002"),
    ("乐山市市中区", "511102"), ("乐山市中区", "511102"), ("南京鼓楼", "320106"), ("福州市鼓楼区", "350102"),
    ("重庆市重庆市綦江区綦江区", "500110"), ("綦江綦江", "500110"), ("重庆市 / 綦江区 / 打通镇", "500110111"),
    ("重庆市-綦江区-打通镇", "500110111"), ("【重庆】綦江区", "500110"), ("(重庆)綦江区", "500110"),
    ("重庆市（綦江区）", "500110"), ("地址：重庆市綦江区", "500110"),
    ("重庆市綦江区打通镇（原重庆市綦江县打通镇）", "500110111"), ("重庆市綦江区政府", "500110"),
    ("綦江区人民政府", "500110"), ("綦江城区", "500110"), ("綦江县城", "500110"), ("重庆主城", "500000"),
    ("重庆市区", "500000"), ("重庆綦江火车站", "500110"), ("綦江站", "500110"), ("綦江东站", "500110"),
    ("重庆西站", "500000"), ("江北机场T3", "airport-CKG"), ("重庆江北国际机场", "airport-CKG"),
    ("钦州港保税区", "port-CNQZH"), ("广西钦州港", "port-CNQZH"), ("重庆果园港", "port-chongqingguoyuangang"),
    ("重庆市綦江区401420", "500110"), ("綦江三江水泥厂", "500110"), ("重庆市綦江区和平路", "500110"),
    ("贵阳市至善路", "520100"), ("重庆市和平路12号", "500000"), ("贵阳市七星关", "520000"), ("重庆市县城口县", "500229"),
    ("重庆市基江区", "500000"), ("重庆市不存在镇", "500000"),
]  # fmt: skip

UNRESOLVED = [
    ("2号楼綦江区", "unknown"), ("北京路", "unknown"), ("重庆路", "unknown"),
    ("南京东路", "unknown"), ("从重庆到自贡", "unknown"), ("重庆至贵阳高速公路", "ambiguous"),
    ("重庆—自贡", "conflict"), ("重庆和自贡", "ambiguous"), ("成渝铁路", "unknown"), ("渝黔铁路", "unknown"),
    ("重庆、自贡、泸州", "ambiguous"), ("自贡与泸州交界", "ambiguous"), ("重庆到綦江", "ambiguous"),
    ("朝阳", "ambiguous"), ("和平", "ambiguous"), ("团结", "unknown"), ("幸福", "unknown"),
    ("安宁", "ambiguous"), ("开心", "unknown"), ("朝阳区", "ambiguous"), ("西湖", "ambiguous"),
    ("西湖区", "ambiguous"), ("团结村", "ambiguous"), ("團結村", "ambiguous"), ("不存在镇", "unknown"),
    ("四川省綦江县", "conflict"), ("四川省重庆市", "conflict"), ("四川重庆綦江", "conflict"), ("江北区", "ambiguous"),
    ("重庆 湖北", "conflict"), ("市中区", "ambiguous"), ("城区", "ambiguous"), ("鼓楼区", "ambiguous"),
    ("西部陆海新通道", "unknown"), ("成渝地区双城经济圈", "unknown"), ("长江上游", "unknown"),
    ("西南地区", "unknown"), ("全国", "unknown"), ("各区县", "unknown"), ("本地", "unknown"), ("待定", "unknown"),
    ("无", "unknown"), ("-", "unknown"), ("N/A", "unknown"), ("null", "unknown"), ("0", "unknown"),
    ("401420", "unknown"), ("023-48612345", "unknown"), ("13800138000", "unknown"), ("106.65,29.03", "unknown"),
    ("新兴铸管股份", "ambiguous"), ("长城汽车", "unknown"),
]  # fmt: skip

BRANDS = [
    "东方锅炉厂",
    "平安保险公司",
    "中国平安保险",
    "兴业银行",
    "三江水泥厂",
]


@pytest.mark.parametrize(("text", "expected"), RESOLVED)
def test_hard_address_resolves(text: str, expected: str) -> None:
    answer = CHINA.locate(text)
    assert answer.best is not None, answer
    assert answer.best.id == expected
    assert answer.best.score >= 0.5


@pytest.mark.parametrize(("text", "reason"), UNRESOLVED)
def test_text_is_unresolved_with_reason(text: str, reason: str) -> None:
    answer = CHINA.locate(text)
    assert answer.best is None, answer.best
    assert answer.reason == reason
    assert answer.candidates or reason not in ("ambiguous", "conflict")


@pytest.mark.parametrize("text", BRANDS)
def test_partly_parsed_text_has_a_low_score(text: str) -> None:
    best = CHINA.locate(text).best
    assert best is None or best.score <= 0.5


def test_bare_short_name_has_a_lower_score() -> None:
    for text in ("平安", "大方", "东方"):
        best = CHINA.locate(text).best
        assert best is not None
        assert best.score <= 0.8


def test_hard_texts_are_fast() -> None:
    for text, _ in (*RESOLVED, *UNRESOLVED):
        CHINA.locate(text)
        begun = time.process_time()
        CHINA.locate(text)
        assert time.process_time() - begun < 1.0, text  # a guard against blow-ups, not a measurement
