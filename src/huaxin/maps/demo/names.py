"""Names of 云溪市. Its north-south roads are the flowers, its east-west streets the seasons, of the
twenty-four 花信风 ("winds that bring news of flowers"); everything is (Chinese, English)."""

from __future__ import annotations

Name = tuple[str, str]

CITY: Name = ("云溪市", "Yunxi")
RIVER: Name = ("云溪江", "Yunxi River")
CANAL: Name = ("花港河", "Huagang Canal")
LAKE: Name = ("镜湖", "Mirror Lake")
ISLAND: Name = ("百花洲", "Baihua Islet")
HILL: Name = ("栖云山", "Qiyun Hill")

# (grid position, class, name) of the through roads, west to east; None as bridge name: stops at the river.
ROADS_NS: list[tuple[float, str, Name, Name | None]] = [
    (300, "tertiary", ("梅花路", "Meihua Road"), None),
    (770, "secondary", ("山茶路", "Shancha Road"), ("山茶桥", "Shancha Bridge")),
    (1300, "tertiary", ("水仙路", "Shuixian Road"), None),
    (1900, "primary", ("迎春大道", "Yingchun Avenue"), ("迎春大桥", "Yingchun Bridge")),
    (2400, "tertiary", ("兰花路", "Lanhua Road"), None),
    (2950, "primary", ("云溪大道", "Yunxi Avenue"), ("云溪大桥", "Yunxi Bridge")),
    (3430, "tertiary", ("杏花路", "Xinghua Road"), None),
    (4000, "secondary", ("桃花路", "Taohua Road"), ("桃花桥", "Taohua Bridge")),
    (4580, "tertiary", ("海棠路", "Haitang Road"), None),
    (5080, "primary", ("梨花大道", "Lihua Avenue"), ("梨花大桥", "Lihua Bridge")),
    (5640, "tertiary", ("木兰路", "Mulan Road"), None),
]
ROADS_EW: list[tuple[float, str, Name]] = [
    (350, "secondary", ("立春街", "Lichun Street")),
    (880, "tertiary", ("雨水街", "Yushui Street")),
    (1380, "primary", ("惊蛰大街", "Jingzhe Avenue")),
    (1840, "tertiary", ("春分街", "Chunfen Street")),
    (2225, "tertiary", ("南滨江路", "South Riverside Road")),
    (2455, "tertiary", ("北滨江路", "North Riverside Road")),
    (2920, "tertiary", ("清明街", "Qingming Street")),
    (3400, "primary", ("花信大街", "Huaxin Avenue")),
    (3900, "tertiary", ("谷雨街", "Guyu Street")),
    (4350, "secondary", ("立夏街", "Lixia Street")),
    (4760, "tertiary", ("小满街", "Xiaoman Street")),
]
FOOTBRIDGE: Name = ("听花桥", "Tinghua Footbridge")

_LANE_FIRST: list[Name] = [
    ("桂子", "Guizi"),
    ("竹里", "Zhuli"),
    ("青石", "Qingshi"),
    ("柳荫", "Liuyin"),
    ("荷风", "Hefeng"),
    ("听雨", "Tingyu"),
    ("望云", "Wangyun"),
    ("采薇", "Caiwei"),
    ("枕水", "Zhenshui"),
    ("半山", "Banshan"),
    ("松月", "Songyue"),
    ("芸香", "Yunxiang"),
    ("书院", "Shuyuan"),
    ("织锦", "Zhijin"),
    ("茶亭", "Chating"),
    ("渔隐", "Yuyin"),
    ("梧桐", "Wutong"),
    ("银杏", "Yinxing"),
    ("丁香", "Dingxiang"),
    ("紫藤", "Ziteng"),
    ("蔷薇", "Qiangwei"),
    ("木槿", "Mujin"),
    ("晴川", "Qingchuan"),
    ("烟雨", "Yanyu"),
    ("鹤鸣", "Heming"),
    ("拾翠", "Shicui"),
    ("观澜", "Guanlan"),
    ("石桥", "Shiqiao"),
    ("花影", "Huaying"),
    ("灯市", "Dengshi"),
]
_LANE_LAST: list[Name] = [
    ("巷", "Lane"),
    ("弄", "Alley"),
    ("支路", "Branch Road"),
    ("里", "Row"),
    ("横街", "Cross Street"),
]

_COMPOUND_FIRST: list[Name] = [
    ("春江", "Spring River"),
    ("翠竹", "Green Bamboo"),
    ("金桂", "Golden Osmanthus"),
    ("望江", "Riverview"),
    ("兰亭", "Orchid Pavilion"),
    ("紫藤", "Wisteria"),
    ("梧桐", "Parasol Tree"),
    ("湖畔", "Lakeside"),
    ("明月", "Bright Moon"),
    ("东风", "East Wind"),
    ("锦绣", "Brocade"),
    ("云栖", "Cloud Rest"),
    ("杏林", "Apricot Grove"),
    ("书香", "Scholars"),
    ("和平", "Peace"),
    ("幸福", "Happiness"),
    ("清风", "Clear Breeze"),
    ("绿洲", "Oasis"),
    ("彩虹", "Rainbow"),
    ("牡丹", "Peony"),
    ("松石", "Pine Stone"),
    ("荷塘", "Lotus Pond"),
    ("星河", "Galaxy"),
    ("悦江", "Joy River"),
    ("学林", "Academy Grove"),
    ("丽景", "Fair View"),
    ("安居", "Settled"),
    ("朝晖", "Morning Light"),
    ("桂雨", "Osmanthus Rain"),
    ("听泉", "Listening Spring"),
    ("南湖", "South Lake"),
    ("青枫", "Green Maple"),
    ("长乐", "Lasting Joy"),
    ("万柳", "Ten Thousand Willows"),
    ("白鹭", "White Egret"),
]
_COMPOUND_LAST: list[Name] = [
    ("花园", "Garden"),
    ("小区", "Community"),
    ("苑", "Court"),
    ("家园", "Homes"),
    ("新村", "New Village"),
    ("名邸", "Residence"),
    ("雅居", "Villas"),
]

VILLAGES: list[Name] = [
    ("竹溪村", "Zhuxi Village"),
    ("杏花村", "Xinghua Village"),
    ("柳浪村", "Liulang Village"),
    ("石塘村", "Shitang Village"),
    ("桃源村", "Taoyuan Village"),
    ("麦田村", "Maitian Village"),
    ("荷叶村", "Heye Village"),
    ("枫桥村", "Fengqiao Village"),
]
STATION: Name = ("云溪站", "Yunxi Railway Station")
RAILWAY: Name = ("花信铁路", "Huaxin Railway")
SUNSHINE: Name = ("阳光小区", "Sunshine Community")
FLOWER_SHOP: Name = ("花信花店", "Huaxin Flowers")
TOWER: Name = ("云溪国际中心", "Yunxi International Centre")
HOSPITAL: Name = ("云溪市第一人民医院", "Yunxi First People's Hospital")
MALL: Name = ("云溪天地", "Yunxi Tiandi Mall")

OFFICES: list[Name] = [
    ("花信大厦", "Huaxin Tower"),
    ("江南金融广场", "Jiangnan Financial Plaza"),
    ("望江中心", "Riverview Centre"),
    ("数字云谷", "Cloud Valley"),
    ("海棠商务楼", "Haitang Business Building"),
    ("远山大厦", "Yuanshan Tower"),
    ("溪谷创新园", "Creek Innovation Park"),
    ("清明传媒大厦", "Qingming Media Tower"),
    ("百合大厦", "Lily Tower"),
    ("木兰创业园", "Mulan Start-up Park"),
    ("镜湖商务中心", "Mirror Lake Business Centre"),
    ("晨曦大厦", "Dawn Tower"),
]
SCHOOLS: list[Name] = [
    ("云溪市实验小学", "Yunxi Experimental Primary School"),
    ("云溪第一中学", "Yunxi No. 1 High School"),
    ("海棠路小学", "Haitang Road Primary School"),
    ("春分街小学", "Chunfen Street Primary School"),
    ("云溪外国语学校", "Yunxi Foreign Language School"),
    ("镜湖中学", "Mirror Lake Middle School"),
    ("云溪职业技术学院", "Yunxi Vocational College"),
    ("山茶路小学", "Shancha Road Primary School"),
    ("北望小学", "Beiwang Primary School"),
    ("梅花路中学", "Meihua Road Middle School"),
]
HOSPITALS: list[Name] = [
    HOSPITAL,
    ("云溪市妇幼保健院", "Yunxi Women and Children's Hospital"),
    ("城南医院", "Chengnan Hospital"),
]
MALLS: list[Name] = [MALL, ("滨江花市里", "Riverside Flower Mall"), ("城南广场", "Chengnan Plaza")]
PARKS: list[Name] = [
    ("花神公园", "Flower Spirit Park"),
    ("滨江公园", "Riverside Park"),
    ("梅园", "Plum Garden"),
    ("兰亭公园", "Lanting Park"),
    ("儿童公园", "Children's Park"),
    ("牡丹园", "Peony Garden"),
    ("竹径公园", "Bamboo Path Park"),
    ("城南公园", "Chengnan Park"),
    ("荷塘公园", "Lotus Pond Park"),
    ("桂雨公园", "Osmanthus Rain Park"),
    ("青枫公园", "Green Maple Park"),
    ("北望公园", "Beiwang Park"),
]
SHOPS: list[tuple[str, str, Name]] = [
    ("amenity", "restaurant", ("江南小馆", "Jiangnan Kitchen")),
    ("amenity", "restaurant", ("老灶台", "Old Stove")),
    ("amenity", "restaurant", ("溪边人家", "Creekside Home")),
    ("amenity", "cafe", ("半日咖啡", "Half-Day Coffee")),
    ("amenity", "cafe", ("云朵咖啡", "Cloud Coffee")),
    ("amenity", "fast_food", ("阿福馄饨", "A-Fu Wonton")),
    ("amenity", "fast_food", ("兰姨牛肉面", "Aunt Lan's Beef Noodles")),
    ("amenity", "bank", ("云溪银行", "Bank of Yunxi")),
    ("amenity", "pharmacy", ("百草堂药房", "Baicaotang Pharmacy")),
    ("shop", "supermarket", ("家家乐超市", "Jiajiale Supermarket")),
    ("shop", "convenience", ("邻里便利店", "Neighbour Store")),
    ("shop", "bakery", ("麦香坊", "Maixiang Bakery")),
    ("shop", "books", ("拾光书店", "Shiguang Books")),
    ("tourism", "hotel", ("云溪宾馆", "Yunxi Hotel")),
    ("tourism", "hotel", ("枕江酒店", "Zhenjiang Hotel")),
    ("amenity", "kindergarten", ("小蜜蜂幼儿园", "Little Bee Kindergarten")),
    ("amenity", "police", ("派出所", "Police Station")),
    ("amenity", "post_office", ("邮政所", "Post Office")),
    ("amenity", "parking", ("停车场", "Car Park")),
    ("amenity", "cinema", ("星光影城", "Starlight Cinema")),
]


def tags(name: Name) -> dict[str, str]:
    """OpenStreetMap name tags."""
    return {"name": name[0], "name:zh": name[0], "name:en": name[1]}


def lane(number: int) -> Name:
    """The ``number``-th residential lane; all different for the first 150."""
    first = _LANE_FIRST[number % len(_LANE_FIRST)]
    last = _LANE_LAST[(number // len(_LANE_FIRST) + number) % len(_LANE_LAST)]
    return first[0] + last[0], f"{first[1]} {last[1]}"


def compound(number: int) -> Name:
    """The ``number``-th compound; all different for the first 245."""
    first = _COMPOUND_FIRST[number % len(_COMPOUND_FIRST)]
    last = _COMPOUND_LAST[(number // len(_COMPOUND_FIRST) + number) % len(_COMPOUND_LAST)]
    return first[0] + last[0], f"{first[1]} {last[1]}"
