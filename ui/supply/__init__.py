"""Supply: reports with tables and pictures, their exports and the printed monthly report (row 83)."""
