"""不动产权证 (row 64): of the land or of the whole estate, filled in by its number from the property register."""

from models.land_codes import ProjectStage
from models.planning import RealtyCertificate, RealtyHolder
from services.engine.cycle import kept
from services.engine.kinds import Child, Look, Slot, Stage
from services.ports.systems import PROPERTY_REGISTER
from services.projects.certificates import Keeper, Printed, certificate

#: Signs of the districts on certificates of this city (market 2.0).
_SIGNS = "市黄徐长静普虹杨闵宝嘉浦金松青奉崇"
NEW_FORM = rf"沪\((19|20)\d{{2}}\)[{_SIGNS}]字不动产权第\d{{6,7}}号"
OLD_FORM = rf"沪房地[{_SIGNS}]字\((19|20)\d{{2}}\)第\d{{6}}号"

REGISTER = Keeper(
    "不动产登记", lambda gathering, number: gathering.systems.at(PROPERTY_REGISTER).project_certificate(number)
)

REALTY_CERTIFICATE = kept(
    certificate(
        RealtyCertificate,
        name="realty_certificate",
        label="不动产权证",
        row=64,
        prefix="BD",
        look=Look(
            title="cert_no",
            menu="projects",
            grid=("cert_no", "kind", "holder", "parcel_area", "use_term_to", "mortgaged", "sealed", "registered_on"),
            filters=("cert_no", "kind", "mortgaged", "sealed", "registered_on", "use_term_to"),
            sections={
                "kind": "证书",
                "holder": "权利人与坐落",
                "right_type": "权利与面积",
                "use_term_from": "使用期限",
                "land_no": "房屋状况与登记",
            },
            purpose="项目土地和房屋权属管理",
        ),
        stage=Stage(ProjectStage.PLANNING),
        printed=Printed(
            "holder",
            "holder_uscc",
            "cert_no",
            "registered_on",
            form=NEW_FORM,
            must=f"{NEW_FORM}|{OLD_FORM}",
            label="不动产权证号",
        ),
        slots=(Slot("scan", "不动产权证扫描件", least=1),),
        keeper=REGISTER,
        children=(Child("holders", "其他权利人", RealtyHolder, ("holder_uscc",), 20),),
    )
)
