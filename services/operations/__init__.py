"""Operations: alarms watched for, the release proven, devices, backups, retention (security.md M3, M4, D16, D21-D23)."""
