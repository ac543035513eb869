"""Keys and messages of the partner profile's published vector (TEST-ONLY keys, security 4.9)."""

K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
PARTNER_D = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
PARTNER_P = (
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SERVER_ENC_D = "ff0a8031aa4945de80ea4c5366c38b1a48956698e1309e70f3a138734cecca81"
SERVER_ENC_P = (
    "049502d35af82017a8a182b653e51040ca325df2c5cb242d78f6ea82c6802d4039"
    "72f93018f05de1df3166db86cd45b7236e25e198391d192feea95f702ead1b4d"
)
SERVER_SIG_D = "a47d8a5d3896db12fb8ef268c345c9826f6c993101faff0246f0648237972a9f"
SERVER_SIG_P = (
    "04c3d88b3f9de1a25c6573bba6bf56656fe68c04d27b6acdfb42789ce5bf01ea2f"
    "98d0412df5bf50eec7c2b96511f2b998f9b07eee1d07e249b2acd5f0c7952ada"
)
CEK = bytes(range(0x40, 0x70))
EK = (
    "MIGZAiAE6/xxjo0XmGIEMiaOd/62QV4u3g4HPA9PZA7NLhSacwIhAOhY+dgeVDClezbaq4+VCjxk5u5qYwlNmSg6/3Z+Ek3wBCB0ztRoiTXGa8W9"
    "DMCMZqvFM0PYmpf4oFIXFfZfltGjZgQwOKnORaz2ufBGSkPhfSYmHmawLC+rUfkhc8c7fXliWAAmUfUH8WuPC4Is9bdNfBd1"
)
REQUEST = "\n".join(
    (
        "SM2-SM3-V1",
        "POST",
        "shfg-rental-test",
        "/api/v1/direct-pay/warrants",
        "batch=2026-11&channel=%E5%85%AC%E7%A7%AF%E9%87%91",
        "gjj-center",
        "gjj-sig-2026a",
        "1795485600000",
        "8f14e45fceea167a5a36dedd4bea2543",
        "WT202611240001-1",
        "application/json",
        "sm4-env-v1",
        "0ed6f4f7ab859f821ffa6fe27735536dc03eca53488bbc4e07258afba6f6b411",
    )
).encode()
REQUEST_SM3 = "a21eb73eef794be08cc426ffd61bb04b9544fddf2c5037d72455afbbd0caee2f"
REQUEST_SIGNATURE = "MEUCIHV5AAcalqPmI/009KdNI+4Ry7zsE9jfxfKGidUeJJ/rAiEA+8dAvkCdpHJQwAmzBzVdnkPaSxvZ2Yth5dMJKff0EHo="
RESPONSE = "\n".join(
    (
        "SM2-SM3-V1-RESP",
        "200",
        "shfg-rental-test",
        "gjj-center",
        "shfg-sig-2026a",
        "1795485600123",
        "8f14e45fceea167a5a36dedd4bea2543",
        "req-01JD8Z6Q4T",
        "application/json",
        "none",
        "0de5bf61a68469dda76935308991e2b7ebc9546677704f02baea37d16a8a05c8",
    )
).encode()
RESPONSE_SIGNATURE = "MEYCIQDG4nzv3KyQECUoBVGOsGyiigkWW2ImCfxmh4WWaiFkMQIhAJ+PF+VHkGm4eOtygkVZnbJebStuK7+6SkNU5/Ekx9G1"
CHECKPOINT = (
    "shfg-rental/audit/app\n1\n1\n42dcea8cb34bc3fa6ce81ddaab533e97cbb6f60a2227fb46e84e6788eccec353\n"
    "f9af869cec780c1c5370f93590b7341b93bf64f239c4b0898f18030af81e6707\n" + "0" * 64 + "\n"
    "2026-11-24T02:05:00.000Z\nsig.audit.1\n"
).encode()
CHECKPOINT_SIGNATURE = (
    "MEUCIQCYJ8VTWmuvRS+qYs58KkAxEqem226X+QxezOv2eT8KAQIgU0oPLNPaIr0HhM2w5XtIOUS7xvLa8EYjOTqSfrq+e0g="
)
