//! Names that the author chose become numbers.

use super::*;

#[test]
fn names_become_numbers_everywhere() {
    for (named, numbered) in [
        (
            "<g id='Annas hus'/><use href='#Annas%20hus'/><use xlink:href='#Annas hus'/>",
            r##"<g id="i1"/><use href="#i1"/><use xlink:href="#i1"/>"##,
        ),
        (
            "<style>#Anna .hus,.hus:not(.tak){fill:url('#Anna')}</style><g id='Anna' class='hus tak  hus'/>",
            r##"<style>#i1 .c1,.c1:not(.c2){fill:url(#i1)}</style><g class="c1 c2" id="i1"/>"##,
        ),
        (
            "<filter><feFlood result='Anna'/><feBlend in2='SourceGraphic' in='Anna'/></filter>",
            r#"<filter><feFlood result="r1"/><feBlend in="r1" in2="SourceGraphic"/></filter>"#,
        ),
        (
            "<style>@keyframes Anna{0%{x:1}to{x:2}}.b{animation:2s Anna infinite}</style><g class='b' \
             style='animation-name:Anna'/>",
            r#"<style>@keyframes k1{0%{x:1}to{x:2}}.c1{animation:2s k1 infinite}</style><g class="c1" style="animation-name:k1"/>"#,
        ),
        (
            "<g style='--anna-färg:red;--b:Anna;fill:var(--anna-färg,blue)'/>",
            r#"<g style="--v1:red;--v2:u;fill:var(--v1,blue)"/>"#,
        ),
        (
            "<rect id='Anna-1.x'><set attributeName='x' to='1' begin='Anna\\-1\\.x.click + 0.5s; 2s;Anna'/></rect>",
            r#"<rect id="i1"><set attributeName="x" begin="i1.click+0.5s;2s;indefinite" to="1"/></rect>"#,
        ),
        (
            "<g class='Anna'><set attributeName='class' to='Bo Anna'/></g>",
            r#"<g class="c1"><set attributeName="class" to="c1 c2"/></g>"#,
        ),
        (
            "<color-profile name='Anna'/><g fill='#FF0000 icc-color(Anna, 1.0)'/>",
            r##"<color-profile name="p1"/><g fill="#ff0000 icc-color(p1,1)"/>"##,
        ),
        (
            "<font><font-face font-family='Annas stil'/><glyph glyph-name='Anna' unicode='a'/><hkern g1='Anna' \
             g2='B' k='1'/></font><text font-family='annas  Stil, serif'>a</text><text style='font: bold 9px/2 \
             &quot;Annas stil&quot; !important'>a</text>",
            r#"<font><font-face font-family="f1"/><glyph glyph-name="g1" unicode="a"/><hkern g1="g1" g2="g2" k="1"/></font><text font-family="f1,serif">a</text><text style="font:bold 9px/2 f1!important">a</text>"#,
        ),
        ("<use href='#nobody'/>", r##"<use href="#i1"/>"##),
        (
            "<style>Anna{fill:red}g:not(Bo){x:1}</style>",
            "<style>u{fill:red}g:not(u){x:1}</style>",
        ),
        (
            "<style>@namespace Anna url(http://www.w3.org/2000/svg);Anna|g{fill:red}</style>",
            "<style>@namespace n1 'http://www.w3.org/2000/svg';n1|g{fill:red}</style>",
        ),
    ] {
        assert_eq!(inside(named), numbered);
        assert_eq!(inside(numbered), numbered);
    }
}

#[test]
fn names_that_tell_are_told() {
    let named = clean(&svg(
        "<g id='Strandgatan_7'/><g id='path12'/><g id='SVGID_1_'/>",
    ));
    assert!(named.found.has_text("Strandgatan_7"));
    assert!(!named.found.has_text("path12"));
    assert_eq!(named.kind, OutcomeKind::Cleaned);
    // What is shown by itself is the content.
    let shown = clean(&svg(
        "<text y='5' font-size='1' id='Strandgatan 7'>Strandgatan 7</text>",
    ));
    assert_eq!(shown.kind, OutcomeKind::Cleaned);
    assert!(shown.text.contains(">Strandgatan 7<"));
}

#[test]
fn pieces_of_names_are_refused() {
    for style in [
        "[id^=Anna]{fill:red}",
        "[class*=' Anna']{fill:red}",
        "[class='a b']{fill:red}",
        "[fill='#F00']{stroke:red}",
        "@namespace url(http://example.org/);g{fill:red}",
        "@namespace anna url(http://example.org/);anna|g{fill:red}",
        "@property --a{syntax:'*';inherits:false}",
        "@media not (anna){g{fill:red}}",
        "@supports (anna:1){g{fill:red}}",
        "@container anna (width>1px){g{fill:red}}",
    ] {
        let file = svg(&format!(
            "<style>{style}</style><g fill='#F00' class='a b' id='Anna'/>"
        ));
        assert!(
            cleaned(file.as_bytes()).unwrap_err().is_refusal(),
            "{style}"
        );
    }
    for inside in [
        "<use href='#xpointer(id(a))'/>".to_owned(),
        "<style type='text/css; a=b'>g{fill:red}</style>".to_owned(),
        "<style title='a'>g{fill:red}</style><style title='b'>g{fill:blue}</style>".to_owned(),
        format!(
            "<image href='{}#a'/>",
            data("image/svg+xml", svg("<g id='a'/>").as_bytes())
        ),
    ] {
        assert!(
            cleaned(svg(&inside).as_bytes()).unwrap_err().is_refusal(),
            "{inside}"
        );
    }
}
