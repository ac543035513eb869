"""The electronic licence library's messages, in its own field names."""

from typing import Annotated, Literal

from pydantic import Field

from integrations.wire.contract import Answering, Asking, BeijingTime, EchoId, Endpoint, Receipt, Short

DocumentNo = Annotated[str, Field(min_length=1, max_length=40)]
RequestId = Annotated[str, Field(min_length=1, max_length=120)]
LicenceNo = Annotated[str, Field(min_length=1, max_length=80)]
#: SM3 or SHA-256 of the deposited file, in hexadecimal digits.
Digest = Annotated[str, Field(min_length=1, max_length=128)]


class HeldRequest(Asking):
    """持证查询."""

    request_id: EchoId = Field(alias="biz_id")
    holder_code: DocumentNo


class HeldReply(Answering):
    """持证查询应答; `holder_code` names whose materials these are."""

    request_id: EchoId = Field(alias="biz_id")
    holder_code: DocumentNo
    data_time: BeijingTime = Field(alias="sync_time")
    licence_types: Annotated[tuple[Short, ...], Field(max_length=200)]


HELD = Endpoint("/dzzz/api/v1/holder/licences", HeldRequest, HeldReply)


class Deposit(Asking):
    """证照归集; the library makes the electronic licence of it. Lists stay lists, as JSON has nothing else."""

    request_id: RequestId = Field(alias="biz_id")
    licence_code: LicenceNo
    licence_type: Short
    licence_title: Short
    holder_codes: Annotated[list[DocumentNo], Field(max_length=200)]
    file_digest: Digest
    issue_date: Annotated[str, Field(pattern=r"^\d{8}$")]


class Revocation(Asking):
    """证照注销."""

    request_id: RequestId = Field(alias="biz_id")
    licence_code: LicenceNo
    file_digest: Digest


class DepositReply(Receipt):
    """归集回执."""

    request_id: RequestId = Field(alias="biz_id")
    result: Literal["ACCEPTED"]
    receipt_code: Annotated[str, Field(min_length=1, max_length=60)]
    receive_time: BeijingTime


DEPOSIT = Endpoint("/dzzz/api/v1/licence/deposit", Deposit, DepositReply)
REVOKE = Endpoint("/dzzz/api/v1/licence/revoke", Revocation, DepositReply)
