"""The signed exchange with partners: profile SM2-SM3-V1 (security.md 4), receiver and client."""
