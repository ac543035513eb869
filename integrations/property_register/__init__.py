"""不动产登记: titles, restrictions and holders from the property register."""
