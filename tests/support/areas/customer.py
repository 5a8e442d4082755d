"""`/customer`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=(
        "/customer register Ann_B Ann@example.org 44",
        *(f"/customer register buyer{number} buyer{number}@example.org 50" for number in range(2, 13)),
    ),
    file=b"username,email,age\ncarl_new,carl_new@example.org,40\n",
    refused={"forget": "it asks before it goes ahead"},
    any_text={"find": "whatever is typed may be a part of what somebody is called"},
)
