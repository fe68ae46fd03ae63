//! Texts and pictures that may not be seen are named, and nothing is said of plain drawings.

use super::*;

const PICTURE: &str = "<image width='40' height='40' href='data:image/svg+xml,\
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
fn texts_that_may_not_be_seen_are_named() {
    for unseen in [
        "<text y='9' display='none'>old</text>",
        "<g style='visibility:hidden'><text y='9'>old</text></g>",
        "<style>.a{display:none}</style><text y='9' class='a'>old</text>",
        "<text y='9' opacity='.001'>old</text>",
        "<g opacity='.2'><text y='9' opacity='20%'>old</text></g>",
        "<text y='9' font-size='0'>old</text>",
        "<text y='9' style='font:0/0 a'>old</text>",
        "<text y='9' style='font-size:calc(1px - 1px)'>old</text>",
        "<text y='9' fill='none'>old</text>",
        "<text y='9' style='fill:#f000'>old</text>",
        "<text y='9' fill='rgba(9,9,9,0)'>old</text>",
        "<text y='9' fill-opacity='.004'>old</text>",
        "<text y='9' fill='white'>old</text>",
        "<text y='9' fill='#fffffe'>old</text>",
        "<rect width='90' height='90'/><text y='19'>old</text>",
        "<style>svg{background:black}</style><text y='19'>old</text>",
        "<text y='9' fill='url(#nothing)'>old</text>",
        "<linearGradient id='a'/><text y='9' fill='url(#a)'>old</text>",
        "<text y='9' fill='var(--a)'>old</text>",
        "<g transform='scale(0)'><text y='9'>old</text></g>",
        "<g transform='translate(900)'><text y='9'>old</text></g>",
        "<text x='200' y='9'>old</text>",
        "<text y='9' x='0' text-anchor='end'>old</text>",
        "<text y='9' dx='900'>old</text>",
        "<text y='9' style='letter-spacing:-900px'>old</text>",
        "<text y='9' textLength='.0001'>old</text>",
        "<text y='9' style='baseline-shift:9999px'>old</text>",
        "<svg width='9' height='9' viewBox='500 500 90 90'><text y='9'>old</text></svg>",
        "<clipPath id='c'/><text y='9' clip-path='url(#c)'>old</text>",
        "<clipPath id='c'><rect x='90' y='90' width='5' height='5'/></clipPath><g clip-path='url(#c)'>\
         <text y='9' font-size='5'>old</text></g>",
        "<filter id='f'><feGaussianBlur stdDeviation='9'/></filter><text y='9' filter='url(#f)'>old</text>",
        "<text y='9' style='mask:url(#m)'>old</text>",
        "<g style='transform:rotateY(90deg)'><text y='9'>old</text></g>",
        "<text y='9' style='mix-blend-mode:screen'>old</text>",
        "<text y='9'>old<animate attributeName='opacity' to='0' dur='1s'/></text>",
        "<style>@keyframes a{to{opacity:0}}.b{animation:a 1s}</style><text y='9' class='b'>old</text>",
        "<path id='p' d='M0 0'/><text><textPath href='#p'>old</textPath></text>",
        "<text x='20' y='30'>old</text><rect x='10' y='10' width='80' height='30'/>",
        "<text x='20' y='30'>old</text><path d='M10 10h80v30h-80z'/>",
        "<text x='20' y='30'>old</text><path d='M10 25L90 25' stroke='red' stroke-width='20'/>",
        "<text x='20' y='30'>old</text><defs><rect id='r' width='80' height='30'/></defs>\
         <use href='#r' x='10' y='10'/>",
        "<text x='20' y='30'>old</text><text x='20' y='30'>████</text>",
        "<defs><text id='t'>old</text></defs>",
        "<defs><text id='t' y='9'>old</text></defs><use href='#t' x='900'/>",
        "<pattern id='p'><text y='9'>old</text></pattern><rect width='9' height='9' fill='url(#p)'/>",
        "<switch><g systemLanguage='sv'/><text y='9'>old</text></switch>",
        "<flowRoot><flowRegion><rect width='9' height='9'/></flowRegion><flowPara>old</flowPara></flowRoot>",
    ] {
        assert!(!said(unseen).is_empty(), "{unseen}");
    }
}

#[test]
fn pictures_of_which_a_part_may_not_be_seen_are_named() {
    for unseen in [
        format!("{PICTURE} x='-90'/>"),
        format!("{PICTURE} x='-20'/>"),
        format!("{PICTURE} preserveAspectRatio='xMidYMid slice'/>"),
        format!("{PICTURE} display='none'/>"),
        format!("<g opacity='.001'>{PICTURE}/></g>"),
        format!("<g transform='scale(.0001)'>{PICTURE}/></g>"),
        format!("<clipPath id='c'><circle r='90'/></clipPath>{PICTURE} clip-path='url(#c)'/>"),
        format!("<mask id='m'/>{PICTURE} mask='url(#m)'/>"),
        format!(
            "<filter id='f'><feGaussianBlur stdDeviation='9'/></filter><g filter='url(#f)'>{PICTURE}/></g>"
        ),
        format!("{PICTURE} style='filter:blur(30px)'/>"),
        format!("{PICTURE}/><rect width='20' height='20'/>"),
        format!("{PICTURE}/><g fill='red'><path d='M0 0h20v20H0z'/></g>"),
        format!("{PICTURE}/><text x='2' y='20' font-size='30'>███</text>"),
        format!("{PICTURE}/><path d='M0 0L29 29' fill='none' stroke='red' stroke-width='2'/>"),
        format!("{PICTURE}><animate attributeName='x' to='900' dur='1s'/></image>"),
        format!("<pattern id='p'>{PICTURE}/></pattern><rect fill='url(#p)' width='9' height='9'/>"),
        format!("<symbol id='s'>{PICTURE}/></symbol><use href='#s' x='-90'/>"),
        format!(
            "<filter>{}</filter>",
            PICTURE.replace("image width='40' height='40'", "feImage") + "/>"
        ),
    ] {
        assert!(!said(&unseen).is_empty(), "{unseen}");
    }
}

#[test]
fn nothing_is_said_of_plain_drawings() {
    for seen in [
        "<g display='none'><rect width='9' height='9'/></g>".to_owned(),
        "<path style='opacity:0;fill:none' d='M0 0h24v24H0z'/>".to_owned(),
        "<style>.a{display:none}text:hover{opacity:0}</style><text y='9'>new</text>".to_owned(),
        "<style>@keyframes a{to{opacity:1}}.b{animation:a 1s}</style><rect class='b' width='9' height='9'/>".to_owned(),
        "<g fill='none'><text y='9' fill='red'>new</text></g>".to_owned(),
        "<g fill='none' stroke='red'><text y='9'>new</text></g>".to_owned(),
        "<text x='98' y='99' text-anchor='end'>new</text>".to_owned(),
        "<text x='50%' y='50%' text-anchor='middle'>new</text>".to_owned(),
        "<text transform='translate(500,9) scale(-1,1)' x='450'>new</text>".to_owned(),
        "<g transform='translate(900,900)'><text transform='translate(-880,-880)'>new</text></g>".to_owned(),
        "<rect width='80' height='30'/><text x='20' y='20' fill='#fff'>new</text>".to_owned(),
        "<text x='20' y='30'>new</text><rect x='10' y='10' width='80' height='30' fill='none' stroke='red'/>"
            .to_owned(),
        "<text x='20' y='30'>new</text><rect x='10' y='10' width='80' height='30' fill-opacity='.3'/>".to_owned(),
        "<text x='20' y='30'>new</text><rect x='10' y='50' width='80' height='30'/>".to_owned(),
        "<rect width='90' height='30' fill='red'/><text x='9' y='20'>a</text><rect y='40' width='90' height='30' \
         fill='red'/><text x='9' y='60'>b</text>"
            .to_owned(),
        "<defs><text id='t'>new</text></defs><use href='#t' y='20'/>".to_owned(),
        "<clipPath id='c'><rect width='90' height='90'/></clipPath><g clip-path='url(#c)'><text y='20'>new</text></g>"
            .to_owned(),
        format!("{PICTURE}/>"),
        format!("<clipPath id='c'><path d='M0 0h40v40H0z'/></clipPath><g clip-path='url(#c)'>{PICTURE}/></g>"),
        format!("{PICTURE}/><path d='M0 0h40v40H0z' fill='none' stroke='red' stroke-width='.5'/>"),
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
