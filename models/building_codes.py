"""Codes of certificates, planned buildings and works (market 2.9, 2.10, Appendix B)."""

from models.codes import Code


class CertificateKind(Code):
    LAND = "LAND", "土地"
    MASTER = "MASTER", "大产证"


class RightType(Code):
    LAND = "LAND", "国有建设用地使用权"
    HOUSE = "HOUSE", "国有建设用地使用权/房屋所有权"


class CoOwnership(Code):
    SOLE = "SOLE", "单独所有"
    JOINT = "JOINT", "共同共有"
    SHARED = "SHARED", "按份共有"


class BuildingUse(Code):
    """Use of a planned building."""

    HOUSING = "HOUSING", "住宅"
    RETAIL = "RETAIL", "商业"
    OFFICE = "OFFICE", "办公"
    SERVICE = "SERVICE", "公共服务"
    FACILITY = "FACILITY", "配套设施"
    GARAGE = "GARAGE", "地下车库"
    OTHER = "OTHER", "其他"


class Structure(Code):
    BRICK = "BRICK", "砖混"
    FRAME = "FRAME", "框架"
    SHEAR_WALL = "SHEAR_WALL", "剪力墙"
    FRAME_WALL = "FRAME_WALL", "框架-剪力墙"
    FRAME_SUPPORTED = "FRAME_SUPPORTED", "框支"
    STEEL = "STEEL", "钢"
    STEEL_CONCRETE = "STEEL_CONCRETE", "钢-混凝土"
    WOOD = "WOOD", "木"
    OTHER = "OTHER", "其他"


class DeliveryStandard(Code):
    BARE = "BARE", "毛坯"
    FITTED = "FITTED", "全装修"


class WorkKind(Code):
    """Kind of a unit work."""

    HOUSING = "HOUSING", "住宅楼"
    RETAIL = "RETAIL", "商业"
    OFFICE = "OFFICE", "办公"
    GARAGE = "GARAGE", "地下车库"
    FACILITY = "FACILITY", "配套"
    OTHER = "OTHER", "其他"


class PermitEventKind(Code):
    EXTENSION = "EXTENSION", "开工延期"
    STOP = "STOP", "中止施工"
    RESTART = "RESTART", "恢复施工"


class PermitStatus(Code):
    """Status of a construction permit, derived from its events and from the start of works."""

    VALID = "VALID", "有效", "good"
    SUSPENDED = "SUSPENDED", "中止施工", "warn"
    LAPSED = "LAPSED", "自行废止", "bad"
    CANCELLED = "CANCELLED", "已注销", "muted"


class TieState(Code):
    """State of the tie of a unit work to a planned building."""

    TIED = "TIED", "已关联", "good"
    LAPSED = "LAPSED", "失效", "bad"
    CUT = "CUT", "已解除", "muted"
