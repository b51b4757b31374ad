"""Scripts by element, by attribute and by event."""

from itertools import cycle

_BY_THEMSELVES = {
    "animationend": '<p style="animation:x 1ms" onanimationend=alert(1)>x</p>',
    "animationstart": '<style>@keyframes x{}</style><p style="animation:x 1s" onanimationstart=alert(1)>x</p>',
    "beforematch": '<p hidden="until-found" onbeforematch=alert(1)>x</p>',
    "begin": "<svg><set attributeName=x dur=1s onbegin=alert(1) /></svg>",
    "canplay": "<audio oncanplay=alert(1)><source src=data:audio/wav,></audio>",
    "command": '<button commandfor="x" command="show-popover">go</button><p id="x" popover oncommand=alert(1)>x</p>',
    "contentvisibilityautostatechange": (
        '<p oncontentvisibilityautostatechange=alert(1) style="content-visibility:auto">x</p>'
    ),
    "end": "<svg><animate attributeName=x dur=1ms onend=alert(1) /></svg>",
    "error of a source": "<video><source src=x onerror=alert(1)></video>",
    "error of a track": "<video><track default src=x onerror=alert(1)></video>",
    "error of a link": '<link rel="stylesheet" href="x" onerror=alert(1)>',
    "error of an input": "<input type=image src=x onerror=alert(1)>",
    "error of an object": "<object data=x onerror=alert(1)></object>",
    "focus": "<input autofocus onfocus=alert(1)>",
    "focus of a link": '<a href="#x" autofocus onfocus=alert(1)>x</a>',
    "focus of a paragraph": "<p tabindex=1 autofocus onfocusin=alert(1)>x</p>",
    "hashchange": "<body onhashchange=alert(1)><a href=#y>x</a>",
    "load of a body": "<body onload=alert(1)>",
    "load of an iframe": "<iframe onload=alert(1)></iframe>",
    "load of an image": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onload=alert(1)>',
    "load of a style": "<style onload=alert(1)></style>",
    "load of an svg": "<svg/onload=alert(1)>",
    "loadstart": "<video src=x onloadstart=alert(1)></video>",
    "message": "<body onmessage=alert(1)><iframe srcdoc='<script>parent.postMessage(1)</script>'></iframe>",
    "pageshow": "<body onpageshow=alert(1)>",
    "resize": "<body onresize=alert(1)>",
    "scroll": '<div style="overflow:scroll;height:1px" onscroll=alert(1)>x<p id=x autofocus tabindex=0>y</div>',
    "scrollend": '<div onscrollend=alert(1) style="overflow:auto">x</div>',
    "securitypolicyviolation": "<p onsecuritypolicyviolation=alert(1)>x</p>",
    "selectionchange": "<input onselectionchange=alert(1) autofocus value=x>",
    "slotchange": "<slot onslotchange=alert(1)>x</slot>",
    "start of a marquee": "<marquee loop=1 width=0 onfinish=alert(1) onbounce=alert(1)>x</marquee>",
    "toggle of a popover": "<div popover ontoggle=alert(1) id=x>x</div><button popovertarget=x>go</button>",
    "toggle of details": "<details open ontoggle=alert(1)>x</details>",
    "transitionend": '<p style="transition:all 1ms" ontransitionend=alert(1) ontransitionrun=alert(1)>x</p>',
    "unhandledrejection": "<body onunhandledrejection=alert(1)>",
    "webkitanimationstart": "<p onwebkitanimationstart=alert(1) onwebkittransitionend=alert(1)>x</p>",
}
"""Events that come without anybody doing anything, each on an element that it comes to."""

_OF_PEOPLE = (
    "auxclick beforecopy beforecut beforeinput beforepaste blur cancel change click close contextmenu copy cut"
    " dblclick drag dragend dragenter dragexit dragleave dragover dragstart drop focusout formdata fullscreenchange"
    " gotpointercapture input invalid keydown keypress keyup lostpointercapture mousedown mouseenter mouseleave"
    " mousemove mouseout mouseover mouseup mousewheel paste pointercancel pointerdown pointerenter pointerleave"
    " pointermove pointerout pointerover pointerrawupdate pointerup reset search select selectstart submit"
    " touchcancel touchend touchmove touchstart wheel"
)
"""Events that come from what people do."""

_PLACES = {
    "p": "<p on{}=alert(1)>x</p>",
    "a": '<a href="#x" on{}=alert(1)>x</a>',
    "img": '<img alt="x" on{}="alert(1)">',
    "summary": "<details><summary on{}='alert(1)'>x</summary>y</details>",
    "td": "<table><tr><td on{}=alert(1)>x</table>",
    "li": "<ol><li value=3 on{}=alert(1)>x</ol>",
}
"""Allowed elements, so that it is the attribute that has to go."""

_WRITTEN = {
    "no space behind a value": '<p class="lead"onclick="alert(1)">x</p>',
    "a slash instead of a space": "<p/onclick=alert(1)>x</p>",
    "many slashes": "<p////onclick=alert(1)////>x</p>",
    "a form feed instead of a space": "<p\x0conclick=alert(1)>x</p>",
    "a vertical tab instead of a space": "<p\x0bonclick=alert(1)>x</p>",
    "a no-break space instead of a space": "<p\xa0onclick=alert(1)>x</p>",
    "an ideographic space instead of a space": "<p\u3000onclick=alert(1)>x</p>",
    "a line separator instead of a space": "<p\u2028onclick=alert(1)>x</p>",
    "a zero byte in the name": "<p on\x00click=alert(1)>x</p>",
    "a soft hyphen in the name": "<p on\xadclick=alert(1)>x</p>",
    "full-width letters in the name": "<p ｏｎｃｌｉｃｋ=alert(1)>x</p>",
    "a dotless i in the name": "<p onclıck=alert(1)>x</p>",
    "a Kelvin sign in the name": "<p onclic\u212a=alert(1)>x</p>",
    "an equals sign before the name": "<p =onclick=alert(1)>x</p>",
    "a quote before the name": '<p "onclick=alert(1)>x</p>',
    "a less-than sign before the name": "<p <onclick=alert(1)>x</p>",
    "a colon before the name": "<p xml:onclick=alert(1)>x</p>",
    "twice, the first harmless": '<p onclick="" onclick="alert(1)">x</p>',
    "a value in grave accents": "<p onclick=`alert(1)`>x</p>",
    "a value with references": "<p onclick=&#97;lert&lpar;1&rpar;>x</p>",
    "a value with line breaks": '<p onclick="ale\nrt(1)//\nalert(1)">x</p>',
    "never ended": "<p onclick=alert(1) ",
    "never ended, in a quote": '<p onclick="alert(1)',
    "two tags that overlap": "<p <p onclick=alert(1)>>x</p>",
    "on an end tag": "<p>x</p onclick=alert(1)>",
    "on an unknown element": "<x onclick=alert(1) tabindex=1 autofocus onfocus=alert(1)>x</x>",
    "behind a value with a greater-than sign": '<p lang="a>b" onclick=alert(1)>x</p>',
    "behind an allowed class": "<p class=\"lead evil' onclick=alert(1) '\">x</p>",
    "in the value of another": "<abbr title='\"onclick=alert(1) x=\"'>x</abbr>",
    "in the value of another, with references": '<abbr title="&quot; onclick=&quot;alert(1)">x</abbr>',
    "in the words for an image": "<img alt='\"><img src=x onerror=alert(1)>'>",
    "in the words for an image, with references": '<img alt="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">',
    "in the words for an image, twice encoded": (
        '<img alt="&amp;quot;&amp;gt;&amp;lt;img src=x onerror=alert(1)&amp;gt;">'
    ),
}

_ELEMENTS = {
    "module": '<script type="module">alert(1)</script>',
    "module from data": '<script type="module" src="data:text/javascript,alert(1)"></script>',
    "import map": '<script type="importmap">{"imports":{"x":"data:text/javascript,alert(1)"}}</script>',
    "speculation rules": '<script type="speculationrules">{"prefetch":[{"urls":["https://example.org/"]}]}</script>',
    "JSON": '<script type="application/json">{"a":"</script><img src=x onerror=alert(1)>"}</script>',
    "in a language of old": '<script language="vbscript">MsgBox 1</script>',
    "with a zero byte in the name": "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "with a space in the name": "< script>alert(1)</ script>",
    "with a letter too much": "<scripts>alert(1)</scripts>",
    "with a full-width letter": "<ｓcript>alert(1)</ｓcript>",
    "with a long s": "<\u017fcript>alert(1)</\u017fcript>",
    "with two less-than signs": "<<script>alert(1)//<</script>",
    "with a comment in it": "<script><!--<script>alert(1)</script>--></script>",
    "double-escaped": "<script><!--<script></script><img src=x onerror=alert(1)>--></script>",
    "its end in an attribute": "<script x='</script><img src=x onerror=alert(1)>'></script>",
    "its end with a slash": "<script>x</script/><img src=x onerror=alert(1)>",
    "its end with white space": "<script>x</script\n\t><img src=x onerror=alert(1)>",
    "in a table": "<table><script>alert(1)</script><tr><td>x</table>",
    "in a row": "<table><tr><script>alert(1)</script><td>x</table>",
    "in a list": "<ul><script>alert(1)</script><li>x</ul>",
    "in a select": "<select><script>alert(1)</script></select>",
    "in an option": "<select><option><img src=x onerror=alert(1)></select>",
    "in a template in a template": "<template><template><script>alert(1)</script></template></template>",
    "in a shadow root": '<div><template shadowrootmode="open"><script>alert(1)</script></template></div>',
    "in a shadow root that is written along": (
        '<div><template shadowrootmode="open" shadowrootserializable><img src=x onerror=alert(1)></template></div>'
    ),
    "in a dialog": "<dialog open><script>alert(1)</script></dialog>",
    "in a frame set": "<frameset onload=alert(1)><noframes><script>alert(1)</script></noframes></frameset>",
    "in a noscript in the head": "<head><noscript><script>alert(1)</script></noscript></head>",
    "in a plaintext in a table": "<table><plaintext><script>alert(1)</script>",
    "in a listing": "<listing>\n<script>alert(1)</script></listing>",
    "in a button": "<button><script>alert(1)</script></button>",
    "in a caption": "<table><caption><script>alert(1)</script></table>",
    "in a heading": "<h2><script>alert(1)</script></h2>",
    "in ruby": "<ruby>a<rt><script>alert(1)</script></ruby>",
    "in a picture": '<picture><source srcset="x" onerror=alert(1)><img src=x onerror=alert(1)></picture>',
    "in a map": '<map name="x"><area href="javascript:alert(1)" shape="default"></map><img usemap="#x" alt="x">',
    "in an output of a form": "<form oninput=alert(1)><output name=x>1</output><input autofocus></form>",
    "by keygen": "<keygen autofocus onfocus=alert(1)>",
    "by isindex": '<isindex type=image src=x onerror=alert(1) action="javascript:alert(1)">',
    "by bgsound": "<bgsound src=x onerror=alert(1)>",
    "by a fenced frame": '<fencedframe src="https://example.org"></fencedframe>',
    "by a permission element": "<permission type=camera onclick=alert(1)></permission>",
    "by an import": '<link rel="import" href="data:text/html,<script>alert(1)</script>">',
    "by a preload": '<link rel="modulepreload" href="https://example.org/x.js">',
    "by a manifest": '<html manifest="https://example.org/x"><p>x</p>',
}

CASES = {
    **{f"event {name}": html for name, html in _BY_THEMSELVES.items()},
    **{
        f"event {name} on {place}": html.format(name)
        for name, (place, html) in zip(_OF_PEOPLE.split(), cycle(_PLACES.items()), strict=False)
    },
    **{f"handler, {name}": html for name, html in _WRITTEN.items()},
    **{f"script {name}": html for name, html in _ELEMENTS.items()},
}
