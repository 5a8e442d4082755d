"""`/stock`."""

from tests.support.areas import Declared

DECLARED = Declared(
    before=(
        "/stock add Pears 50 0.50 category:fruit",
        "/stock add Apples 50 0.50",
        "/stock add Green tea 20 4.80 sku:TEA-1",
        *("/stock count start category:fruit", "/stock scan pears 3"),
    ),
    file=b"sku,name,quantity,price\nPLM-1,Plums,20,0.40\n",
    any_text={"search": "any words may stand in a description", "category": "a category may be called anything"},
)
