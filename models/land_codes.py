"""Codes of parcels and projects (market Appendix B, 2.7, 2.8)."""

from models.codes import Code


class Ring(Code):
    INNER = "INNER", "内环内"
    INNER_MIDDLE = "INNER_MIDDLE", "内中环间"
    MIDDLE_OUTER = "MIDDLE_OUTER", "中外环间"
    OUTSIDE = "OUTSIDE", "外环外"


class AcquireMode(Code):
    GRANTED = "GRANTED", "出让"
    ALLOCATED = "ALLOCATED", "划拨"
    OTHER = "OTHER", "其他"


class EntryMode(Code):
    NEW = "NEW", "新增"
    BACKFILL = "BACKFILL", "补录"


class LandUse(Code):
    """Uses with a legal longest term each (55 号令 art. 12)."""

    HOUSING = "HOUSING", "居住"
    COMMERCE = "COMMERCE", "商业、旅游、娱乐"
    INDUSTRY = "INDUSTRY", "工业"
    PUBLIC = "PUBLIC", "教育、科技、文化、卫生、体育"
    MIXED = "MIXED", "综合或其他"


class LinkSide(Code):
    """Side that speaks about a parcel: the authority, the head company or the project company."""

    AUTHORITY = "AUTHORITY", "业务部门"
    HEAD = "HEAD", "总公司"
    PROJECT = "PROJECT", "项目公司"


class LinkVerb(Code):
    OFFERED = "OFFERED", "推送"
    CLAIMED = "CLAIMED", "认领"
    ASSIGNED = "ASSIGNED", "指派"
    CONFIRMED = "CONFIRMED", "确认"
    CROSSED = "CROSSED", "推送与认领一致，自动确认"
    DECLINED = "DECLINED", "拒绝"
    CANCELLED = "CANCELLED", "撤回"
    EXPIRED = "EXPIRED", "逾期失效"
    RELEASED = "RELEASED", "解除"
    PARCEL_VOIDED = "PARCEL_VOIDED", "地块作废"
    COMPANY_GONE = "COMPANY_GONE", "企业退出或作废"


class ProjectStage(Code):
    LAND = "LAND", "土地"
    PLANNING = "PLANNING", "规划"
    CONSTRUCTION = "CONSTRUCTION", "施工"
    PRESALE = "PRESALE", "预售"
    COMPLETION = "COMPLETION", "竣工"
    DELIVERY = "DELIVERY", "交付"
    CLOSED = "CLOSED", "完结"


class PropertyType(Code):
    HOUSING = "HOUSING", "住宅"
    OFFICE = "OFFICE", "办公"
    RETAIL = "RETAIL", "商铺"
    PARKING = "PARKING", "车位"
    OTHER = "OTHER", "其他"


class HousingKind(Code):
    MARKET = "MARKET", "商品住房"
    SHARED = "SHARED", "共有产权保障住房"
    RESETTLEMENT = "RESETTLEMENT", "征收安置住房"
    AFFORDABLE_RENTAL = "AFFORDABLE_RENTAL", "保障性租赁住房"
    PUBLIC_RENTAL = "PUBLIC_RENTAL", "公共租赁住房（人才公寓）"
    SELF_HELD_RENTAL = "SELF_HELD_RENTAL", "自持租赁住房"
    NONE = "NONE", "无住房"


class CreateMode(Code):
    AUTO_FROM_PARCEL = "AUTO_FROM_PARCEL", "由地块自动生成"
    MANUAL = "MANUAL", "手工创建"


class LineSource(Code):
    REGISTRY = "REGISTRY", "法人库带入"
    MANUAL = "MANUAL", "手工填写"


class BuilderMode(Code):
    GOVERNMENT = "GOVERNMENT", "政府代建"
    COMMERCIAL = "COMMERCIAL", "商业代建"
    CAPITAL = "CAPITAL", "资本代建"


class ResettleMode(Code):
    MONEY = "MONEY", "货币补偿"
    EXCHANGE = "EXCHANGE", "产权调换"
    BOTH = "BOTH", "货币补偿与产权调换"


class HandoverState(Code):
    """Changing the project company after a transfer, done by the authority with both companies' word."""

    OPEN = "OPEN", "待双方确认", "info"
    AGREED = "AGREED", "双方已确认，待办理", "warn"
    DONE = "DONE", "已变更", "good"
    STOPPED = "STOPPED", "已终止", "muted"
