"""The filing library's messages: our names, and its own field names (which are not ours to spell) as aliases."""

from typing import Annotated

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, Coded, EchoId, Endpoint, Question, Reply

#: Rooms in one question.
MOST_ROOMS = 200
ProjectNo = Annotated[str, Field(min_length=1, max_length=40)]
Building = Annotated[str, Field(max_length=20)]
RoomNo = Annotated[str, Field(min_length=1, max_length=20)]
FilingState = Annotated[str, Coded.beside(__file__)["filing_state"]]


class RoomAsked(Question):
    """A room of a project."""

    project_no: ProjectNo = Field(alias="xmbh")
    building: Building = Field(alias="ldmc")
    room_no: RoomNo = Field(alias="fjh")


class FilingQuery(Asking):
    """A question about rooms; a list stays a list, as JSON has nothing else."""

    request_id: EchoId = Field(alias="qqbh")
    rooms: Annotated[list[RoomAsked], Field(min_length=1, max_length=MOST_ROOMS)] = Field(alias="fjlb")


class RoomSaid(Reply):
    """A room with the state of its filings."""

    project_no: ProjectNo = Field(alias="xmbh")
    building: Building = Field(alias="ldmc")
    room_no: RoomNo = Field(alias="fjh")
    state: FilingState = Field(alias="bazt")


class FilingReply(Answering):
    """The rooms asked about, in their order."""

    request_id: EchoId = Field(alias="qqbh")
    data_time: BeijingTime = Field(alias="sjsj")
    rooms: Annotated[tuple[RoomSaid, ...], Field(max_length=MOST_ROOMS)] = Field(alias="jglb")


FILINGS = Endpoint("/bakk/service/fjbacx", FilingQuery, FilingReply)
