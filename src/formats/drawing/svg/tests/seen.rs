//! Texts and pictures that nobody sees are named.

use super::*;

const PICTURE: &str = "<image width='9' height='9' href='data:image/svg+xml,\
     %3Csvg xmlns=%22http://www.w3.org/2000/svg%22>%3Crect width=%229%22 height=%229%22/>%3C/svg>'";

/// What is said of a drawing of 100 by 100 with this inside.
fn said(inside: &str) -> Vec<String> {
    let file = format!("<svg {HEAD} viewBox='0 0 100 100'>{inside}</svg>");
    let hidden = clean(&file)
        .residue
        .into_iter()
        .filter(|it| it.id == "svg.hidden");
    hidden.map(|it| it.what.into_owned()).collect()
}

#[test]
fn texts_that_are_not_seen_are_named() {
    for unseen in [
        "<text y='9' display='none'>old</text>",
        "<g style='visibility:hidden'><text y='9'>old</text></g>",
        "<g style='display:none ! important'><text y='9'>old</text></g>",
        "<style>.a{display:none}</style><text y='9' class='a'>old</text>",
        "<style>@media print{g>text{opacity:0}}</style><g><text y='9'>old</text></g>",
        "<text y='9' opacity='0'>old</text>",
        "<text y='9' opacity='0%'>old</text>",
        "<text y='9' font-size='0'>old</text>",
        "<g font-size='.001'><text y='9'>old</text></g>",
        "<g font-size='1'><text y='9' font-size='0.001em'>old</text></g>",
        "<style>tspan{font-size:0}</style><text y='9'><tspan>old</tspan></text>",
        "<text y='9' fill='none'>old</text>",
        "<text y='9' fill='transparent'>old</text>",
        "<text y='9' style='fill:#f000'>old</text>",
        "<text y='9' fill='rgba(9,9,9,0)'>old</text>",
        "<text y='9' fill='rgb(9 9 9 / 0%)'>old</text>",
        "<text y='9' fill-opacity='0'>old</text>",
        "<g fill='none'><text y='9' stroke='red' stroke-opacity='0'>old</text></g>",
        "<g transform='scale(0)'><text y='9'>old</text></g>",
        "<g transform='translate(900)'><text y='9'>old</text></g>",
        "<g transform='translate(-900 0) rotate(5) translate(0,20)'><text y='9'>old</text></g>",
        "<text x='200' y='9'>old</text>",
        "<text y='-40'>old</text>",
        "<text y='9'>new<tspan x='900'>old</tspan></text>",
        "<text y='9' dx='900'>old</text>",
        "<svg x='900'><text y='9'>old</text></svg>",
        "<svg x='900' width='9' height='9'><text y='9'>old</text></svg>",
        "<svg width='9' height='9' viewBox='500 500 90 90'><text y='9'>old</text></svg>",
        "<svg width='0' height='9'><text y='9'>old</text></svg>",
        "<clipPath id='c'/><text y='9' clip-path='url(#c)'>old</text>",
        "<clipPath id='c'><rect x='90' y='90' width='5' height='5'/></clipPath><g clip-path='url(#c)'>\
         <text y='9' font-size='5'>old</text></g>",
        "<filter id='f'/><text y='9' filter='url(#f)'>old</text>",
        "<text x='20' y='30'>old</text><rect x='10' y='10' width='80' height='30'/>",
        "<text x='20' y='30'>old</text><path d='M10 10h80v30h-80z'/>",
        "<text x='20' y='30'>old</text><path d='M10 25L90 25' stroke='red' stroke-width='20'/>",
        "<text x='20' y='30'>old</text><circle cx='30' cy='30' r='30' fill='url(#g)'/>",
        "<defs><text id='t'>old</text></defs>",
        "<flowRoot><flowRegion><rect width='9' height='9'/></flowRegion><flowPara>old</flowPara></flowRoot>",
    ] {
        assert_eq!(said(unseen).len(), 1, "{unseen}: {:?}", said(unseen));
    }
}

#[test]
fn pictures_of_which_a_part_is_not_seen_are_named() {
    for unseen in [
        format!("{PICTURE} x='-30'/>"),
        format!("{PICTURE} x='-3'/>"),
        format!("{PICTURE} preserveAspectRatio='xMidYMid slice'/>"),
        format!("{PICTURE} display='none'/>"),
        format!("<g opacity='0'>{PICTURE}/></g>"),
        format!("<g transform='translate(97,0)'>{PICTURE}/></g>"),
        format!(
            "<clipPath id='c'><rect width='5' height='5'/></clipPath><g clip-path='url(#c)'>{PICTURE}/></g>"
        ),
        format!("<clipPath id='c'><circle r='90'/></clipPath>{PICTURE} clip-path='url(#c)'/>"),
        format!("<mask id='m'/>{PICTURE} mask='url(#m)'/>"),
        format!("<svg width='5' height='5'>{PICTURE}/></svg>"),
        format!("{PICTURE}/><rect width='2' height='2'/>"),
        format!("{PICTURE}/><path d='M0 0L9 9' fill='none' stroke='red' stroke-width='2'/>"),
        format!(
            "<pattern id='p' patternContentUnits='objectBoundingBox' width='1' height='1'>\
             <use href='#i' transform='matrix(.2 0 0 .2 0 0)'/></pattern><defs>{PICTURE} id='i'/></defs>\
             <rect fill='url(#p)' width='9' height='9'/>"
        ),
    ] {
        assert_eq!(said(&unseen).len(), 1, "{unseen}: {:?}", said(&unseen));
    }
}

#[test]
fn nothing_is_said_of_what_is_seen() {
    for seen in [
        "<g display='none'><rect width='9' height='9'/></g>".to_owned(),
        "<path style='opacity:0;fill:none' d='M0 0h24v24H0z'/>".to_owned(),
        "<style>.a{display:none}text:hover{opacity:0}</style><text y='9'>new</text>".to_owned(),
        "<text y='9' opacity='0'>new<animate attributeName='opacity' to='1' dur='1s'/></text>".to_owned(),
        "<style>@keyframes a{to{opacity:1}}.b{opacity:0;animation:a 1s}</style><text y='9' class='b'>new</text>"
            .to_owned(),
        "<g fill='none'><text y='9' fill='red'>new</text></g>".to_owned(),
        "<g fill='none' stroke='red'><text y='9'>new</text></g>".to_owned(),
        "<style>.a{fill:none}</style><path class='a' d='M0 0h9'/><text y='9'>new</text>".to_owned(),
        "<text x='98' y='99' text-anchor='end'>new</text>".to_owned(),
        "<text transform='translate(500,9) scale(-1,1)' x='480'>new</text>".to_owned(),
        "<g transform='translate(900,900)'><text transform='translate(-880,-880)'>new</text></g>".to_owned(),
        "<rect width='80' height='30'/><text x='20' y='20'>new</text>".to_owned(),
        "<text x='20' y='30'>new</text><rect x='10' y='10' width='80' height='30' fill='none' stroke='red'/>"
            .to_owned(),
        "<text x='20' y='30'>new</text><rect x='10' y='10' width='80' height='30' fill-opacity='.5'/>".to_owned(),
        "<text x='20' y='30'>new</text><rect x='10' y='50' width='80' height='30'/>".to_owned(),
        "<defs><text id='t'>new</text></defs><use href='#t'/>".to_owned(),
        format!("{PICTURE}/>"),
        format!("{PICTURE} x='-.1'/>"),
        format!("<clipPath id='c'><rect width='9' height='9'/></clipPath><g clip-path='url(#c)'>{PICTURE}/></g>"),
        format!("<clipPath id='c'><path d='M0 0h9v9H0z'/></clipPath><g clip-path='url(#c)'>{PICTURE}/></g>"),
        format!("{PICTURE}/><path d='M0 0h9v9H0z' fill='none' stroke='red' stroke-width='2'/>"),
        format!("<rect width='20' height='20'/>{PICTURE}/><rect x='50' width='20' height='20'/>"),
    ] {
        assert_eq!(said(&seen), Vec::<String>::new(), "{seen}");
    }
}

#[test]
fn text_that_nobody_draws_goes() {
    for (dirty, kept) in [
        ("<rect><text>Anna</text></rect>", "<rect><text/></rect>"),
        ("<tspan>Anna</tspan>", "<tspan/>"),
        ("<a>Anna</a>", "<a/>"),
        ("<text>a<g>Anna</g></text>", "<text>a<g/></text>"),
        ("<text>a<set>Anna</set></text>", "<text>a<set/></text>"),
        ("<text>a<text>Anna</text></text>", "<text>a<text/></text>"),
        (
            "<linearGradient><text>Anna</text></linearGradient>",
            "<linearGradient><text/></linearGradient>",
        ),
    ] {
        assert_eq!(inside(dirty), kept);
        let cleaned = clean(&svg(dirty));
        assert!(ids(&cleaned).contains(&"svg.stray"), "{dirty}");
    }
    let kept = "<text>a<a><tspan>b</tspan></a><textPath>c</textPath></text>";
    assert_eq!(inside(kept), kept);
}
