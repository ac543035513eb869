"""区级平台: check-ins and move-outs of long-let projects, pushed as they happen."""
