"""Of a web page the text that it shows is kept, with its lines and its tables; what is hidden is left out."""

import pytest

from actions.contract.errors import ActionError
from document_collections.extraction.html_text import MAX_DEPTH, extract_html

HIDDEN = [
    "<p hidden>x</p>",
    "<div hidden=hidden>x<p>x</div>",
    '<p style="display: none">x</p>',
    '<p style="color: red; DISPLAY:NONE !important;">x</p>',
    '<p style="visibility:hidden">x</p>',
    '<p style="opacity:0">x</p>',
    '<p style="font-size:0px">x</p>',
    '<p style="position:absolute;left:-9999px">x</p>',
    '<p aria-hidden="true">x</p>',
    "<template><p>x</p></template>",
    "<script>x</script>",
    "<script type=text/plain>x</script>",
    "<style>x</style>",
    "<noscript>x</noscript>",
    "<!-- x -->",
    "<svg><text>x</text></svg>",
    "<math><mi>x</mi></math>",
    "<iframe>x</iframe>",
    "<object>x</object>",
    "<canvas>x</canvas>",
    "<video>x</video>",
    "<dialog>x</dialog>",
    "<datalist><option>x</datalist>",
    "<input type=hidden value=x>",
    "<style>.gone{display:none}</style><b class=gone>x</b>",
    "<style>a{} /* c */ #menu , .gone { color:red; display : none }</style><ul id=menu><li>x</ul>",
    "<style>.tab{display:none} .tab.on{display:block}</style><div class=tab>x</div>",
    "<p hidden>x<p hidden>x<table hidden><tr><td>x</table>",
    '<p style="display:none ! important">x</p>',
    '<p style="display:/**/none">x</p>',
    '<p style="position:absolute;left:-999px">x</p>',
    '<p style="position:absolute;left:-100em">x</p>',
    '<p style="position:absolute;left:-100vw">x</p>',
    '<p style="text-indent:-999em">x</p>',
    '<p style="margin-top:-9999px">x</p>',
    '<p style="height:0;overflow:hidden">x</p>',
    '<p style="max-height:0;overflow-y:hidden;padding:0">x</p>',
    '<p style="clip:rect(0,0,0,0)">x</p>',
    '<p style="clip: rect(1px 1px 1px 1px)">x</p>',
    '<p style="clip-path:inset(50%)">x</p>',
    '<p style="color:transparent">x</p>',
    '<p style="color:rgba(0, 0, 0, 0.0)">x</p>',
    '<p style="color:rgb(0 0 0 / 0%)">x</p>',
    '<p style="color:#0000">x<b>x</b></p>',
    '<p style="font:0/0 a">x</p>',
    '<p style="font-size:0">x<b style="font-size:1em">x</b></p>',
    "<table style='visibility:hidden'><tr><td>x<td>x</table>",
    "<div popover>x</div>",
    "<style>.gone{display:none}</style><p class=gone style='opacity:1'>x</p>",
    "<style>.a{display:none}.b{visibility:visible}</style><p class='a b'>x</p>",
    "<style>.a{display:none!important}.a{display:block}</style><p class=a>x</p>",
    "<style>.a{display:none!important}</style><p class=a style='display:block'>x</p>",
    "<style>#z{display:none}.a{display:block}</style><p class=a id=z>x</p>",
    "<style>div.a[title]{display:none}.a{display:block}</style><div class=a title=t>x</div>",
    "<style>.a,.b:hover{display:none}</style><p class=a>x</p>",
    "<style media='screen, print'>.a{display:none}</style><p class=a>x</p>",
]
SHOWN = [
    "<p>y</p>",
    "<p hidden=until-found>y</p>",
    '<p aria-hidden="false">y</p>',
    '<p style="opacity:0.5">y</p>',
    '<p style="font-size:0.8em">y</p>',
    "<dialog open>y</dialog>",
    "<details><summary>a</summary>y</details>",
    "<style>@media print{.b{display:none}}</style><p class=b>y</p>",
    "<style>.tab{display:none} .tab.on{display:block}</style><div class='tab on'>y</div>",
    "<p hidden>x<p>y",
    "<textarea>y</textarea>",
    "<select><option>y</select>",
    "<p>a &lt;x&gt; y",
    "<style media=print>.a{display:none}</style><p class=a>y</p>",
    "<style media='(max-width: 40em)'>.a{display:none}</style><p class=a>y</p>",
    "<style type=text/x-template>.a{display:none}</style><p class=a>y</p>",
    "<noscript><style>.a{display:none}</style></noscript><p class=a>y</p>",
    "<style>.tab.on{display:block} .tab{display:none}</style><div class='tab on'>y</div>",
    "<style>#z{display:block} .tab{display:none}</style><div id=z class=tab>y</div>",
    "<style>.tab:is(.on,.tab){display:none}</style><div class=tab>y</div>",
    "<style>.a{display:block!important}.a{display:none}</style><p class=a style='display:none'>y</p>",
    "<p style='display:none;display:block'>y</p>",
    "<p hidden style='display:block'>y</p>",
    "<p style='visibility:hidden'>x<b style='visibility:visible'>y</b></p>",
    "<div style='font-size:0'>x<p style='font-size:16px'>y</p></div>",
    "<div style='color:transparent'>x<a href=/>y</a></div>",
    "<h2 style='color:transparent;background:linear-gradient(red,blue) text'>y</h2>",
    "<p style='color:transparent;-webkit-background-clip:text'><b>y</b></p>",
    "<p style='color:rgb(0,0,0)'>y</p>",
    "<p style='color:#0000ff'>y</p>",
    "<style>.a{font-size:0}.a{font:12px a}</style><p class=a>y</p>",
    "<p style='height:0;overflow:hidden;padding-bottom:56%'>y</p>",
    "<p style='width:0;overflow:hidden;flex-grow:1'>y</p>",
    "<p style='margin-left:-100%'>y</p>",
    "<p style='margin-top:-20px'>y</p>",
    "<p style='clip:rect(0,9px,9px,0)'>y</p>",
    "<p style='background:url(data:a;display:none)'>y</p>",
]


SITE = [
    "<nav>x</nav>",
    "<div role=navigation>x</div>",
    "<header><a href=/>x</a></header>",
    "<div role=banner>x</div>",
    "<footer>x</footer>",
    "<div role=contentinfo>x</div>",
    "<aside>x</aside>",
    "<div><aside role=complementary>x</aside></div>",
    "<search>x</search>",
    "<div role=search>x</div>",
]
CONTENT = [
    "<header><h1>y</h1></header>",
    "<article><header>y</header><p>b</article>",
    "<section><footer>y</footer></section>",
    "<article><aside>y</aside><p>b</article>",
    "<main><p>b<footer>y</footer></main>",
    "<div class=nav>y</div>",
    "<menu><li>y</menu>",
]


@pytest.mark.parametrize("source", SITE)
def test_what_belongs_to_the_site_is_left_out(source: str) -> None:
    assert extract_html(f"<p>before</p>{source}<p>after</p>").split() == ["before", "after"]


@pytest.mark.parametrize("source", CONTENT)
def test_what_belongs_to_the_content_is_kept(source: str) -> None:
    assert "y" in extract_html(f"<p>a</p>{source}").split()


def test_the_main_part_is_the_document_with_the_heading_of_the_page() -> None:
    site = "<div class=bar>Home Shop Cart</div>"
    text = "The wheel turns all day. " * 20
    source = f"<body>{site}<h1>Mill</h1><main><p>{text}</main><div>Copyright</div>"
    assert extract_html(source) == f"Mill\n\n{text.strip()}"
    assert "Cart" in extract_html(f"<body>{site}<main>Short</main><div>{text}</div>")


def test_a_page_of_links_keeps_them() -> None:
    assert extract_html("<nav><a href=/a>Wheel</a> <a href=/b>Stone</a></nav>") == "Wheel Stone"


@pytest.mark.parametrize("source", HIDDEN)
def test_what_is_hidden_is_left_out_and_nothing_beside_it(source: str) -> None:
    assert extract_html(f"<p>before</p>{source}<p>after</p>").split() == ["before", "after"]


@pytest.mark.parametrize("source", SHOWN)
def test_what_is_shown_is_kept(source: str) -> None:
    assert extract_html(source).endswith("y")


def test_preformatted_text_keeps_its_lines_and_indents() -> None:
    source = "<p>a\n  b</p><pre><code>def f():\n    if x:\n        return 1\n\n\tend</code></pre><p>c</p>"
    assert extract_html(source) == "a b\n\ndef f():\n    if x:\n        return 1\n\n\tend\n\nc"
    assert extract_html("<p>a<pre>def f():\n    pass\n\n\n\ndef g():\n</pre><p>c") == (
        "a\n\ndef f():\n    pass\n\n\n\ndef g():\n\nc"
    )
    assert extract_html("<pre>\n    first\n  second<br>third</pre>") == "    first\n  second\nthird"


def test_a_table_is_lines_of_markdown() -> None:
    source = """<table><caption>Prices</caption><thead><tr><th>Part<th>Left<th>Right</thead>
    <tr><td rowspan=2>A|B<td colspan=2>1 <b>€</b><tr><td>2<td>3 <span hidden>x</span></table>"""
    assert extract_html(source).split("\n") == [
        "Prices",
        "",
        "| Part | Left | Right |",
        "| --- | --- | --- |",
        "| A\\|B | 1 € |  |",
        "| A\\|B | 2 | 3 |",
    ]


CELLS = {
    "max_<wbr>connections": "max_connections",
    "H<sub>2</sub>O": "H2O",
    "E-<b>47</b>12": "E-4712",
    "caf<i>é</i>": "café",
    "<code><span>max</span><span>_</span><span>size</span></code>": "max_size",
    "<ruby>漢<rt>かん</rt></ruby>字": "漢(かん)字",
    "one<br>two": "one two",
    "<p>one</p><p>two</p>": "one two",
    "<ul><li>fast<li>small</ul>": "fast small",
    "<pre>a = 1\nb = 2</pre>": "a = 1 b = 2",
    "<table><tr><td>in<td>ner</table>": "in ner",
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_reads_as_the_page_does_in_one_line(cell: str) -> None:
    lines = extract_html(f"<table><tr><th>Setting<th>Meaning<tr><td>{cell}<td>x</table>").split("\n")
    assert lines == ["| Setting | Meaning |", "| --- | --- |", f"| {CELLS[cell]} | x |"]


HEADS = {
    "<thead><tr><th rowspan=2>Part<th colspan=2>Price<tr><th>net<th>gross</thead>": "Part | Price net | Price gross",
    "<tr><th rowspan=2>Part<th colspan=2>Price<tr><th>net<th>gross": "Part | Price net | Price gross",
    "<tr><th colspan=3>Prices<tr><th>Part<th>net<th>gross": "Prices Part | Prices net | Prices gross",
    "<thead><tr><td>Part<td>net<td>gross</thead>": "Part | net | gross",
}


@pytest.mark.parametrize("head", HEADS)
def test_all_rows_of_a_head_are_one_header(head: str) -> None:
    lines = extract_html(f"<table>{head}<tbody><tr><td>P1<td>1<td>2</table>").split("\n")
    assert lines == [f"| {HEADS[head]} |", "| --- | --- | --- |", "| P1 | 1 | 2 |"]


def test_the_title_of_a_group_of_rows_is_a_row() -> None:
    source = "<table><tr><th>Part<th>Price<tr><th colspan=2>Wheels<tr><td>P1<td>1</table>"
    assert extract_html(source).split("\n")[1:] == ["| --- | --- |", "| Wheels |  |", "| P1 | 1 |"]


def test_a_head_and_a_foot_stand_where_they_are_shown() -> None:
    source = "<table><tfoot><tr><td>Sum<td>3</tfoot><tbody><tr><td>P1<td>3</tbody><thead><tr><th>Part<th>Price</table>"
    assert extract_html(source).split("\n") == ["| Part | Price |", "| --- | --- |", "| P1 | 3 |", "| Sum | 3 |"]


def test_a_table_that_arranges_a_page_is_none() -> None:
    source = "<table><tr><td><ul><li>one<li>two</ul><td><table><tr><td>a<td>b</table></table>"
    assert "---" not in extract_html(source)
    assert extract_html(source).split() == ["one", "two", "|", "a", "|", "b", "|"]


def test_words_stay_whole() -> None:
    assert extract_html("<p>wa&shy;ter<wbr>whe<b>els</b>&#8203;!</p>") == "waterwheels!"
    assert extract_html("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>を") == "漢字(かんじ)を"
    assert extract_html("<b>a</b> <i>b</i>\n<i>c</i>") == "a b c"


HIDDEN_ROOTS = [
    "<html hidden><p>y",
    "<html aria-hidden=true><p>y",
    "<html style='visibility:hidden'><p>y",
    "<style>.async-hide{opacity:0 !important}</style><html class=async-hide><p>y",
    "<html lang=de><style>[lang]{visibility:hidden}</style><p>y",
    "<body hidden><p>y",
    "<body style='opacity:0'><p>y",
]


@pytest.mark.parametrize("source", HIDDEN_ROOTS)
def test_a_page_that_a_script_shows_as_a_whole_is_read(source: str) -> None:
    assert extract_html(source) == "y"


@pytest.mark.parametrize(
    "source",
    [
        "<b>" * 20_000 + "y",
        "<table>" * 3_000 + "y",
        "<table><tr><th>" * 2_000 + "y",
        "<p>" * 100_000 + "y",
        "<x" * 9_999,
    ],
)
def test_a_page_that_nests_deep_is_read(source: str) -> None:
    assert extract_html(source) in ("y", "")


def test_a_page_that_nests_too_deep_is_refused() -> None:
    with pytest.raises(ActionError, match="deep"):
        extract_html("<div>" * (MAX_DEPTH + 1))


@pytest.mark.parametrize("source", ["", "<", "<!doctype html>", "<html><head></head></html>", "<frameset></frameset>"])
def test_a_page_without_text_is_empty(source: str) -> None:
    assert extract_html(source) in ("", "<")
