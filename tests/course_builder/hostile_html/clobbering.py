"""Names that scripts of the page would find in place of what they look for, and attributes that act by themselves."""

_NAMES = {
    "of the document": (
        "activeElement adoptNode body cookie createElement currentScript defaultView domain forms getElementById head"
        " images implementation links location querySelector readyState referrer scripts title write"
    ),
    "of a form": "action attributes children elements enctype innerHTML length method name nodeName parentNode reset",
    "of a form besides": "addEventListener dataset id submit requestSubmit target ownerDocument getAttribute",
    "of a window": "alert closed document event fetch frames history localStorage navigator opener parent self top",
    "of an object": "__proto__ constructor hasOwnProperty prototype toString valueOf __defineGetter__",
}

_ELEMENTS = {
    "a": '<a id="{0}" name="{0}">x</a>',
    "img": '<img id="{0}" name="{0}" alt="x">',
    "form": '<form id="{0}" name="{0}"><input name="{0}"></form>',
    "iframe": '<iframe id="{0}" name="{0}" srcdoc="<a id=x></a>"></iframe>',
    "object": '<object id="{0}" name="{0}"></object>',
    "embed": '<embed id="{0}" name="{0}">',
}

_CHAINS = {
    "two links with one id": '<a id="config"></a><a id="config" name="url" href="https://example.org/">x</a>',
    "form and input": '<form id="config"><input id="url" value="https://example.org"></form>',
    "form and two inputs": '<form id="x"><input name="y"><input name="y"></form>',
    "form around the page": "<form><input name=attributes><input name=childNodes><input name=parentNode>",
    "input for a form elsewhere": '<input form="answers" name="csrf_token" value="x">',
    "button for a form elsewhere": '<button form="answers" formmethod="get" formaction="https://example.org">go</button>',
    "output for a form elsewhere": '<output form="answers" name="elements">x</output>',
    "fieldset for a form elsewhere": '<fieldset form="answers" name="submit" disabled>x</fieldset>',
    "object for a form elsewhere": '<object form="answers" name="action"></object>',
    "frame in a frame": '<iframe name="config" srcdoc="<iframe name=url srcdoc=x></iframe>"></iframe>',
    "name of a window": '<a href="#x" target="config">x</a><iframe name="config"></iframe>',
    "end of a form": "</form><form><input name=x>",
    "label for another's field": '<label for="csrf_token">x</label>',
    "map for an image": '<map name="x" id="x"><area></map>',
    "slot of a shadow": '<p slot="x" part="y" exportparts="z">x</p>',
    "template to be taken by a script": '<template id="card"><script>alert(1)</script></template>',
    "data for a script": '<script id="data" type="application/json">{}</script>',
    "meta for a script": '<meta name="csrf-token" content="x">',
    "link for a script": '<link rel="canonical" href="https://example.org">',
    "title of the page": "<title>x</title><p>y</p>",
    "html of the page": '<html id="x" class="evil" lang="fi" dir="rtl"><p>x</p></html>',
    "body of the page": '<body id="x" class="evil" data-page="x"><p>x</p></body>',
}

_ACTING = {
    "popover": '<button popovertarget="x">go</button><div id="x" popover="auto">x</div>',
    "popover by hint": '<p id="x" popover="hint">x</p><a href="#x" interestfor="x">y</a>',
    "command": '<button commandfor="x" command="show-modal">go</button><dialog id="x">x</dialog>',
    "command of its own": '<button commandfor="x" command="--evil">go</button>',
    "dialog that closes": '<dialog open closedby="any"><form method="dialog"><button>x</button></form></dialog>',
    "exclusive details": '<details name="x" open><summary>a</summary>b</details>',
    "tabindex": '<p tabindex="1">x</p>',
    "accesskey": '<a href="#x" accesskey="s">x</a>',
    "contenteditable": "<p contenteditable>x</p>",
    "draggable": "<p draggable=true>x</p>",
    "autofocus": '<a href="#x" autofocus>x</a>',
    "spellcheck and translation": "<p spellcheck=true translate=no writingsuggestions=true autocapitalize=on>x</p>",
    "keyboard": "<p inputmode=none enterkeyhint=send virtualkeyboardpolicy=manual>x</p>",
    "microdata": '<p itemscope itemtype="https://schema.org/Person" itemprop="x">x</p>',
    "RDFa": '<p property="x" typeof="y" about="https://example.org/" resource="z">x</p>',
    "anchor": '<p anchor="x">x</p>',
    "is": '<a is="x-evil" href="#x">x</a>',
    "content that is not there yet": '<img src="a.png" loading="eager" fetchpriority="high" decoding="sync" alt="x">',
    "blocking": '<link rel="expect" href="#x" blocking="render">',
    "private token": '<iframe privatetoken="{}" src="https://example.org"></iframe>',
    "shared storage": '<img src="a.png" sharedstoragewritable browsingtopics alt="x">',
    "credentialless": '<iframe credentialless allow="camera; microphone" src="https://example.org"></iframe>',
    "sandbox taken off": '<iframe sandbox="allow-scripts allow-same-origin" srcdoc="x"></iframe>',
    "cookies by meta": '<meta http-equiv="set-cookie" content="x=y">',
    "policy by meta": '<meta http-equiv="content-security-policy" content="script-src *">',
    "encoding by meta": '<meta charset="utf-7"><p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</p>',
    "referrer by meta": '<meta name="referrer" content="unsafe-url">',
    "colour by meta": '<meta name="color-scheme" content="dark">',
    "zoom by meta": '<meta name="viewport" content="user-scalable=no">',
    "prefetching by meta": (
        '<meta http-equiv="x-dns-prefetch-control" content="on"><link rel="dns-prefetch" href="//example.org">'
    ),
    "connection": '<link rel="preconnect" href="https://example.org">',
    "prerendering": '<link rel="prerender" href="https://example.org">',
    "icon": '<link rel="icon" href="https://example.org/x">',
    "pingback": '<link rel="pingback" href="https://example.org/x">',
}  # fmt: skip

_FORGED = {
    "marks of a question": '<div data-question="q" data-place="x"></div><span data-gap="g" role="button"></span>',
    "marks of a link": '<a href="#x" data-module="m" data-page="p" data-term="t" data-place="x">x</a>',
    "marks of a scene": '<section data-scene="x" data-src="https://example.org/x.glb" data-ar="x">x</section>',
    "marks of a session": '<section class="session" data-session="x" data-poll="x" data-board="x">x</section>',
    "marks of a medium": '<video data-from="https://example.org/x" controls></video><div data-bar hidden>x</div>',
    "marks of a button": '<button type="button" data-ask="x" data-open="x">go</button>',
    "marks of a row": '<table><tr data-yaw="1" data-pitch="1"><td>x</table>',
    "marks of anything": "<p data-x=1 data-=2 data-a.b=3 data-ä=4>x</p>",
    "names for screen readers": '<p aria-label="x" aria-hidden="true" aria-owns="x" aria-live="assertive">x</p>',
    "a role on an allowed element": '<table role="presentation"><tr role="none"><td role="button">x</table>',
    "an id of the renderer": '<p id="_own-1">x</p><a href="#_own-1">y</a>',
    "an id with a zero byte": '<p id="a\x00b">x</p>',
    "an id with a space": '<p id="a b">x</p>',
    "an id with a sign": '<p id="a&quot;b">x</p>',
    "an id that is empty": '<p id="">x</p>',
    "an id that is too long": '<p id="' + "a" * 201 + '">x</p>',
    "an id in other letters": '<p id="юридический-адрес">x</p>',
    "a class with a sign": '<p class="lead&quot; onclick=&quot;alert(1)">x</p>',
    "a class of a language": '<code class="language-js language-&lt;b&gt; language-">x</code>',
    "a class in capitals": '<p class="LEAD Lead lead">x</p>',
    "a class with odd spaces": '<p class="lead\x0cwide\xa0small\tsmall">x</p>',
}

CASES = {
    **{
        f"names {whose} on {element}": "".join(html.format(name) for name in names.split())
        for whose, names in _NAMES.items()
        for element, html in _ELEMENTS.items()
    },
    **{f"chain, {name}": html for name, html in _CHAINS.items()},
    **{f"attribute that acts, {name}": html for name, html in _ACTING.items()},
    **{f"forged, {name}": html for name, html in _FORGED.items()},
}
