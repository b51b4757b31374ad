"""SVG, MathML, and text that is read another way the second time: mutation XSS and confusion of namespaces."""

_BAIT = "<img src=x onerror=alert(1)>"

_TEXT_ELEMENTS = "style script xmp iframe noembed noframes noscript textarea title plaintext"
"""Elements whose content is text in HTML, and markup in SVG and MathML (or where scripts are off)."""

_INTEGRATION_POINTS = {
    "foreignObject": "<svg><foreignObject>{}</foreignObject></svg>",
    "desc": "<svg><desc>{}</desc></svg>",
    "title": "<svg><title>{}</title></svg>",
    "mi": "<math><mi>{}</mi></math>",
    "mo": "<math><mo>{}</mo></math>",
    "mn": "<math><mn>{}</mn></math>",
    "ms": "<math><ms>{}</ms></math>",
    "mtext": "<math><mtext>{}</mtext></math>",
    "annotation-xml as HTML": '<math><annotation-xml encoding="text/html">{}</annotation-xml></math>',
    "annotation-xml as XHTML": '<math><annotation-xml encoding="application/xhtml+xml">{}</annotation-xml></math>',
    "annotation-xml as SVG": '<math><annotation-xml encoding="image/svg+xml"><svg>{}</svg></annotation-xml></math>',
    "annotation-xml without a kind": "<math><annotation-xml>{}</annotation-xml></math>",
}
"""Where HTML stands in other languages."""

_BREAKING_OUT = (
    "b big blockquote body br center code dd div dl dt em embed h1 h6 head hr i img li listing menu meta nobr ol p pre"
    " ruby s small span strong strike sub sup table tt u ul var"
)
"""Elements that end all SVG and MathML around them."""

_MUTATIONS = {
    "style in mglyph in a table": f"<math><mtext><table><mglyph><style><math>{_BAIT}</style></table></mtext></math>",
    "style in malignmark in a table": f"<math><mtext><table><malignmark><style><!--</style>{_BAIT}--></style></table>",
    "comment in style in mglyph": f'<math><mtext><mglyph><style><!--</style><img title="--&gt;{_BAIT}">',
    "cdata in style in mglyph": f'<math><mtext><mglyph><style><![CDATA[</style><img title="]]&gt;{_BAIT}">',
    "form in form": "<form><div></form><form><math><mtext><form><mglyph><style></math>" + _BAIT,
    "form twice with a comment": (
        f'<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id="</textarea>{_BAIT}">'
    ),
    "form twice with a title": f'<form><math><mtext></form><form><mglyph><style><a title="</style>{_BAIT}">',
    "table in math": f"<math><mtext><table><tr><mglyph><style></math>{_BAIT}",
    "select in math": f"<math><mtext><select><mglyph><style></math>{_BAIT}</select>",
    "option in math": f"<math><mtext><option><mglyph><style></math>{_BAIT}",
    "nested links in math": f'<math><mtext><a><table><a><mglyph><style></math>{_BAIT}',
    "font that breaks out": f"<svg><font color=red><style>{_BAIT}</style>",
    "font that stays": f"<svg><font><style>{_BAIT}</style></font></svg>",
    "end of p in svg": f'<svg></p><title><a id="</title>{_BAIT}"></a></title></svg>',
    "end of br in svg": f'<svg></br><style><a id="</style>{_BAIT}"></style></svg>',
    "end of p in math": f'<math></p><style><a id="</style>{_BAIT}"></style></math>',
    "comment in an svg style": f"<svg><style><!-- </style>{_BAIT} --></style></svg>",
    "cdata in svg": f"<svg><![CDATA[><{_BAIT}]]></svg>",
    "cdata in svg that ends early": f"<svg><![CDATA[x]]>{_BAIT}</svg>",
    "cdata in math": f"<math><![CDATA[</math>{_BAIT}]]></math>",
    "cdata in a title of svg": f"<svg><title><![CDATA[</title>{_BAIT}]]></title></svg>",
    "instruction in svg": f"<svg><?xml-stylesheet href='javascript:alert(1)'?><p>{_BAIT}",
    "style in noscript": f"<noscript><style></noscript>{_BAIT}</style>",
    "noscript in style": f"<style><noscript></style>{_BAIT}</noscript>",
    "noscript with a comment": f"<noscript><!--</noscript>{_BAIT}--></noscript>",
    "noscript with an attribute": f"<noscript><p lang='</noscript>{_BAIT}'></noscript>",
    "noscript in svg": f'<svg><noscript><p title="</noscript>{_BAIT}"></noscript></svg>',
    "title in svg style": f"<svg><style><title></style>{_BAIT}</title></svg>",
    "textarea in svg": f'<svg><textarea><p title="</textarea>{_BAIT}"></textarea></svg>',
    "iframe in math": f'<math><iframe><p title="</iframe>{_BAIT}"></iframe></math>',
    "svg in mtext in svg": f"<svg><foreignObject><math><mi><svg><style>{_BAIT}</style></svg></mi></math>",
    "math in svg in math": f"<math><mi><svg><foreignObject><math><style>{_BAIT}</style></math></foreignObject></svg>",
    "annotation-xml in svg": f'<svg><annotation-xml encoding="text/html"><style>{_BAIT}</style></annotation-xml></svg>',
    "annotation-xml with an encoded kind": f'<math><annotation-xml encoding="text&sol;html"><style>{_BAIT}</style>',
    "annotation-xml in capitals": f'<math><annotation-xml encoding="TEXT/HTML"><style>{_BAIT}</style></math>',
    "semantics": f'<math><semantics><annotation encoding="text/html">{_BAIT}</annotation></semantics></math>',
    "foreignObject in small letters": f"<svg><foreignobject><style>{_BAIT}</style></foreignobject></svg>",
    "foreignObject in math": f"<math><foreignObject><style>{_BAIT}</style></foreignObject></math>",
    "mtext in svg": f"<svg><mtext><style>{_BAIT}</style></mtext></svg>",
    "svg in a select": f"<select><svg><style>{_BAIT}</style></svg></select>",
    "svg in a table": f"<table><svg><style>{_BAIT}</style></svg></table>",
    "svg in a template": f"<template><svg><style>{_BAIT}</style></svg></template>",
    "svg in an option": f"<select><option><svg><style>{_BAIT}</style></svg></select>",
    "text after a select": f"<select><noembed></select>{_BAIT}</noembed>",
    "xmp in svg": f"<svg><xmp><p title='</xmp>{_BAIT}'></xmp></svg>",
    "comment with a dash": f"<!--->{_BAIT}-->",
    "comment with two dashes and a bang": f"<!----!>{_BAIT}-->",
    "comment with a dash and a bang": f"<!---!>{_BAIT}-->",
    "comment in a comment": f"<!-- <!-- -->{_BAIT}--> -->",
    "comment with a less-than sign and a bang": f"<!--<!-->{_BAIT}-->",
    "comment with a tag at its end": f"<!--a--{_BAIT}",
    "comment with a zero byte": f"<!-\x00->{_BAIT}-->",
    "comment with odd dashes": f"<!\u2010\u2010>{_BAIT}",
    "declaration": f"<!{_BAIT}>",
    "declaration of an entity": '<!DOCTYPE x [<!ENTITY x "&lt;img src=x onerror=alert(1)&gt;">]><p>&x;</p>',
    "declaration of a list": f"<!ATTLIST p onclick CDATA 'alert(1)'>{_BAIT}",
    "declaration never closed": f"<!x{_BAIT}",
    "end tag of nothing": f"</{_BAIT}>",
    "end tag of a number": f"</1{_BAIT}>",
    "end tag with a space": f"</ {_BAIT}>",
    "instruction": f"<?{_BAIT}?>",
    "conditional comment for some": f"<![if true]>{_BAIT}<![endif]>",
    "template that mutates": f"<template><s><template><s>{_BAIT}</s></template></s></template>",
    "pre with two line breaks": f"<pre>\n\n{_BAIT}</pre>",
    "textarea with two line breaks": f"<textarea>\n\n</textarea>{_BAIT}",
    "listing with a line break": "<listing>\n&lt;img src=x onerror=alert(1)&gt;</listing>",
    "grave accents of old": "<img alt='`` onerror=alert(1)' src=x>",
    "reference in an xmp": "<xmp>&lt;/xmp&gt;&lt;img src=x onerror=alert(1)&gt;</xmp>",
    "reference in a style": "<style>&lt;/style&gt;&lt;img src=x onerror=alert(1)&gt;</style>",
    "reference in a svg style": "<svg><style>&lt;/style&gt;&lt;img src=x onerror=alert(1)&gt;</style></svg>",
    "reference in a svg script": "<svg><script>&#97;lert(1)</script></svg>",
    "reference in a title": "<title>&lt;/title&gt;&lt;img src=x onerror=alert(1)&gt;</title>",
    "reference in text": "&lt;img src=x onerror=alert(1)&gt;",
    "reference in text, twice encoded": "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "reference in text, three times encoded": "&amp;amp;lt;img src=x onerror=alert(1)&amp;amp;gt;",
    "reference in a text in a link": '<a href="#x">&lt;/a&gt;&lt;img src=x onerror=alert(1)&gt;</a>',
    "deep before svg": "<div>" * 505 + f"<svg><style>{_BAIT}</style></svg>",
    "deep before math": "<b>" * 505 + f"<math><mtext><table><mglyph><style>{_BAIT}",
    "deep in a table": "<table><tr><td>" * 60 + _BAIT,
    "deep in lists": "<ul><li>" * 255 + _BAIT,
    "deep in svg": "<svg>" * 300 + f"<style>{_BAIT}</style>",
    "deep in links": '<a href="#x">' * 300 + _BAIT,
    "deep in emphasis over blocks": "<i><p>" * 255 + _BAIT,
    "deep and stopped at the limit": "<div>" * 511 + f"<style></style>{_BAIT}",
    "deep in templates": "<template>" * 100 + _BAIT,
    "many unclosed emphases over blocks": "<p>" + "".join(f'<b class="language-{n}">' for n in range(60)) + "<p>x" * 20,
    "many mis-nested links": '<a href="#x"><p>' * 20 + _BAIT,
    "many mis-nested emphases": "<b><i><u><s>" * 10 + "</b></i></u></s>" * 10 + _BAIT,
    "many tables in each other's way": "<table><table><td><table>" * 15 + _BAIT,
}  # fmt: skip

_VECTORS = {
    "set on an svg": "<svg><set attributeName=onmouseover to=alert(1)>",
    "animate a handler": "<svg><animate attributeName=onload values=alert(1) /></svg>",
    "animate the class": "<svg><animate attributeName=class to=evil /></svg>",
    "animateMotion": "<svg><animateMotion onbegin=alert(1) dur=1s /></svg>",
    "animateTransform": "<svg><animateTransform onbegin=alert(1) attributeName=transform dur=1s /></svg>",
    "discard": "<svg><discard onbegin=alert(1) /></svg>",
    "use of the page itself": '<svg><use href="#x"/></svg><svg id=x><script>alert(1)</script></svg>',
    "use of data": (
        "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>#x\"/>"
    ),
    "handler element": "<svg><handler type=application/ecmascript ev:event=load>alert(1)</handler></svg>",
    "listener element": '<svg><listener event="load" handler="javascript:alert(1)"/></svg>',
    "image in svg": "<svg><image href=x onerror=alert(1) /></svg>",
    "path with a handler": "<svg><path d='M0 0h9v9z' onmouseover=alert(1) /></svg>",
    "link in svg to a script": "<svg><a href='javascript:alert(1)'><rect width=99 height=99 /></a></svg>",
    "style in svg that loads": "<svg><style>@import url(https://example.org/x.css)</style></svg>",
    "style in svg on a filter": "<svg><rect style='filter:url(https://example.org/x#y)'/></svg>",
    "fill that loads": '<svg><rect fill="url(https://example.org/x#y)" width=9 height=9 /></svg>',
    "mask that loads": '<svg><rect mask="url(https://example.org/x#y)" width=9 height=9 /></svg>',
    "cursor that loads": '<svg><cursor href="https://example.org/x"/></svg>',
    "font that loads": '<svg><font-face><font-face-src><font-face-uri href="https://example.org/x"/></svg>',
    "metadata": f"<svg><metadata>{_BAIT}</metadata></svg>",
    "switch": f"<svg><switch><foreignObject requiredExtensions='x'>{_BAIT}</foreignObject></switch></svg>",
    "svg with a name space of its own": '<svg xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></svg>',
    "html in a name space": '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
    "svg in a name space": '<svg:svg onload=alert(1)></svg:svg>',
    "xml island": "<xml id=x><a><b>&lt;script&gt;alert(1)&lt;/script&gt;</b></a></xml><p datasrc=#x datafld=b>",
    "vml": "<v:frame src='x' onload=alert(1)></v:frame>",
    "smil": "<t:set attributeName=innerHTML to='<img src=x onerror=alert(1)>'>",
    "math with a link": '<math><mrow xlink:type="simple" xlink:href="javascript:alert(1)"><mi>x</mi></mrow></math>',
    "math with a style": "<math style='position:fixed;inset:0'><mi>x</mi></math>",
    "math with a handler": "<math onclick=alert(1)><mi onmouseover=alert(1)>x</mi></math>",
    "math with a glyph that loads": '<math><mglyph src="https://example.org/x" alt="x"/></math>',
    "math that says something": (
        '<math><maction actiontype="statusline#https://example.org" selection="1"><mi>x</mi></maction>'
    ),
    "math allowed elsewhere": '<math display="block"><mfrac><mi>a</mi><mi>b</mi></mfrac></math>',
    "svg in capitals": "<SVG ONLOAD=alert(1)></SVG>",
    "svg never closed": "a<svg><g onload=alert(1)>b",
    "math never closed": "a<math><mrow>b<p>c",
}  # fmt: skip

CASES = {
    **{f"{tag} in svg": f"<svg><{tag}>{_BAIT}</{tag}></svg>" for tag in _TEXT_ELEMENTS.split() if tag != "title"},
    **{f"{tag} in math": f"<math><{tag}>{_BAIT}</{tag}></math>" for tag in _TEXT_ELEMENTS.split()},
    **{f"{tag} never closed": f"a<{tag}>{_BAIT}" for tag in _TEXT_ELEMENTS.split() if tag != "script"},
    **{
        f"end of {tag} in an attribute in svg": f'<svg><{tag}><a id="</{tag}>{_BAIT}"></a></{tag}></svg>'
        for tag in _TEXT_ELEMENTS.split()
    },
    **{
        f"end of {tag} in an attribute": f'<{tag}><p lang="</{tag}>{_BAIT}"></{tag}>'
        for tag in _TEXT_ELEMENTS.split()
        if tag not in {"noscript", "xmp", "plaintext"}
    },
    **{f"bait in {name}": html.format(_BAIT) for name, html in _INTEGRATION_POINTS.items()},
    **{
        f"style with a link in {name}": html.format(f'<style><a id="</style>{_BAIT}"></a></style>')
        for name, html in _INTEGRATION_POINTS.items()
    },
    **{
        f"svg style in {name}": html.format(f"<svg><style>{_BAIT}</style></svg>")
        for name, html in _INTEGRATION_POINTS.items()
    },
    **{
        f"math style in {name}": html.format(f"<math><style>{_BAIT}</style></math>")
        for name, html in _INTEGRATION_POINTS.items()
    },
    **{
        f"{tag} breaks out of svg": f'<svg><{tag}><style><a id="</style>{_BAIT}"></a></style></svg>'
        for tag in _BREAKING_OUT.split()
    },
    **{
        f"{tag} breaks out of math": f'<math><{tag}><style><a id="</style>{_BAIT}"></a></style></math>'
        for tag in _BREAKING_OUT.split()
    },
    **{f"mutation, {name}": html for name, html in _MUTATIONS.items()},
    **{f"vector, {name}": html for name, html in _VECTORS.items()},
}
