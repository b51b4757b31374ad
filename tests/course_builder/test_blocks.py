"""Names and texts of the blocks of a page."""

from __future__ import annotations

from course_builder.package import Block, blocks_of, number_blocks

PAGE = """<p>One <em>big</em> fish.<br>Two &lt;b&gt;</p>
<h2 id="more">More</h2>
<ul>
<li>Loose</li>
<li>
<p>Tight</p>
</li>
</ul>
<table>
<thead>
<tr>
<th>Who</th>
<th>Pays</th>
</tr>
</thead>
</table>
<div data-question="q"></div>
<pre role="group"><code>a
b</code></pre><div class="only only-print"><p>Paper</p></div>
<p>Shown <button type="button" hidden="">Play</button><img src="x" alt="y"></p><p hidden="">Later</p>
"""


def test_every_block_gets_a_name_and_keeps_the_one_it_has():
    named = number_blocks(PAGE)
    assert named.startswith('<p id="_b1">One')
    assert '<h2 data-block="_b2" id="more">' in named
    assert '<li id="_b3">Loose' in named
    assert '<div data-question="q"></div>' in named
    assert number_blocks(named) == named


def test_blocks_stand_in_their_order_with_heading_and_text():
    assert blocks_of(number_blocks(PAGE)) == [
        Block("_b1", "", "One big fish.\nTwo <b>", is_heading=False),
        Block("more", "More", "More", is_heading=True),
        Block("_b3", "More", "Loose", is_heading=False),
        Block("_b5", "More", "Tight", is_heading=False),
        Block("_b6", "More", "Who · Pays", is_heading=False),
        Block("_b7", "More", "a\nb", is_heading=False),
        Block("_b9", "More", "Shown", is_heading=False),
    ]


def test_a_block_has_the_same_name_in_another_language():
    other = PAGE.replace("More", "Lisää").replace('id="more"', 'id="lisaa"').replace("Tight", "Tiivis")
    ids = [block.id for block in blocks_of(number_blocks(PAGE))]
    assert [block.id for block in blocks_of(number_blocks(other))] == [
        "lisaa" if each == "more" else each for each in ids
    ]
