"""商品房销售系统 (网上房地产): presale permits, opening units and sale events (row 76)."""
