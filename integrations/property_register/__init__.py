"""不动产登记: titles, restrictions and holders as the property register tells them."""
