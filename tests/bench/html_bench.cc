// What the reading of HTML costs: newsletters, what is remembered of them, and
// what was made to cost much. CPU time of this thread, least of many runs.

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>

#include "policy/base/sha256.h"
#include "policy/facts/content_cache.h"
#include "policy/message/html.h"
#include "policy/message/html_tokenizer.h"
#include "tests/bench/measure.h"
#include "tests/support/gumbo_links.h"

namespace postern {
namespace {

// Rows as mailing tools write them: nested tables, styles, one link in 500
// octets.
std::string Newsletter(std::size_t octets) {
  std::string html =
      "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\"><title>News"
      "</title>\r\n<style>td{font:14px Arial;padding:8px} .mobile{display:none}"
      "@media (max-width:600px){.mobile{display:block}} a{color:#0066cc}"
      "</style></head>\r\n<body style=\"margin:0;padding:0\">\r\n<div "
      "style=\"display:none;max-height:0;overflow:hidden\">What is new this "
      "week&nbsp;&zwnj;&nbsp;&zwnj;</div>\r\n<table width=\"100%\">";
  for (int i = 0; html.size() < octets; ++i) {
    const std::string number = std::to_string(i);
    html +=
        "<tr><td class=\"cell\" align=\"left\" style=\"font-family:Arial,"
        "Helvetica,sans-serif;font-size:14px;line-height:20px;color:#333333;"
        "padding:0 20px\">\r\n<p style=\"margin:0 0 10px 0\">Some words that a "
        "reader of newsletters may like to see &amp; follow, number " +
        number +
        ".</p>\r\n<a href=\"https://click.news.example/ls/click?upn=u001." +
        number + "abcdefghijklmnopqrstuvwxyz0123456789&amp;t=" + number +
        "\" target=\"_blank\" "
        "style=\"color:#0066cc;text-decoration:none\">Read "
        "more</a></td></tr>\r\n";
  }
  return html + "</table></body></html>\r\n";
}

std::string Repeated(std::string_view piece, std::size_t octets,
                     std::string_view begin = "") {
  std::string html(begin);
  while (html.size() < octets) html += piece;
  return html;
}

std::string Misnested() {
  std::string html;
  for (int i = 0; html.size() < 61'000; ++i)
    html += "<b " + std::to_string(i) + "><i " + std::to_string(i) + ">x</b>";
  return html;
}

void MeasureNewsletters() {
  for (const std::size_t octets :
       {2'000UZ, 5'000UZ, 30'000UZ, 90'000UZ, 1'000'000UZ}) {
    const std::string html = Newsletter(octets);
    std::size_t sink = 0;
    ContentCache cache(16 << 20);
    const double tokens = Least([&] {
      HtmlTokenizer tokenizer(html);
      while (tokenizer.Next() != HtmlStep::kEnd) ++sink;
    });
    const double whole = Least([&] { sink += ReadHtml(html).links.size(); });
    const double hash = Least([&] { sink += Sha256Of(html).size(); });
    const double cached = Least([&] {
      sink += cache.Read(PartText::Kind::kHtml, html, nullptr)->html.images;
    });
    const double gumbo = Least([&] { sink += GumboLinks(html) ? 1U : 0U; });
    fmt::print(
        "newsletter {:>7} octets: tokens {:6.1f} us, read {:6.1f} us, "
        "SHA-256 {:5.1f} us, remembered {:5.1f} us, gumbo {:7.1f} us{}\n",
        html.size(), tokens, whole, hash, cached, gumbo, sink == 0 ? "!" : "");
  }
}

struct Hostile {
  std::string_view name;
  std::string html;
};

constexpr std::size_t kMost = 2 * 1024 * 1024;

void Measure(std::span<const Hostile> all) {
  for (const Hostile& hostile : all) {
    const HtmlFacts facts = ReadHtml(hostile.html);
    const long peak = PeakKilobytes([&] { (void)ReadHtml(hostile.html); });
    const double time = Least([&] { (void)ReadHtml(hostile.html); });
    fmt::print("{:26} {:6.2f} ms, {:5.2f} MB held, {:5.2f} MB peak{}\n",
               hostile.name, time / 1e3,
               static_cast<double>(facts.bytes()) / 1e6,
               static_cast<double>(peak) / 1e3,
               facts.is_over_limit ? ", over limit" : "");
  }
}

// Markup without end, or too much of it.
void MeasureMarkup() {
  const Hostile all[] = {
      {"61 KB misnested", Misnested()},
      {"500 KB <div>", Repeated("<div>", 500'000)},
      {"889 KB of attributes", Repeated("a1=bcdef ", 889'000, "<a ")},
      {"2 MB <", Repeated("<", kMost)},
      {"2 MB <b>", Repeated("<b>", kMost)},
      {"2 MB </b>", Repeated("</b>", kMost, "<b>")},
      {"2 MB of vain end tags",
       Repeated("</qx>", kMost, Repeated("<i>", 1500, "<qx>"))},
      {"2 MB &am", Repeated("&am", kMost)},
      {"2 MB &notit;", Repeated("&notit;", kMost)},
      {"2 MB &#x1f600;", Repeated("&#x1f600;", kMost)},
      {"2 MB hidden", Repeated("&#8203;x", kMost, "<p hidden>")},
      {"2 MB mixed letters", Repeated("a\xd0\xb0 ", kMost)},
      {"2 MB of attributes", Repeated("a ", kMost, "<a ")},
      {"2 MB comments", Repeated("<!---->", kMost)},
      {"2 MB [if]", Repeated("<!--[if x]>-->", kMost)},
      {"2 MB [if] with links",
       Repeated("<!--[if x]><a href=x>y</a><b>-->", kMost)},
      {"2 MB <svg><style>", Repeated("<svg><style>", kMost)},
      {"2 MB CDATA", Repeated("<svg><![CDATA[<b>]]>", kMost)},
      {"2 MB <select><style>", Repeated("<select><style>", kMost)},
  };
  Measure(all);
}

// Style sheets, declarations, and elements that ask for them.
void MeasureStyles() {
  std::string rules = "<style>";
  for (int i = 0; i < 10'000; ++i)
    rules += fmt::format(".c{},b.c{}{{color:red}}", i, i);
  const Hostile all[] = {
      {"2 MB styles", Repeated("<b style=color:#fff;font:0>", kMost)},
      {"2 MB classes", Repeated("<b class='a b c d e f g'>", kMost,
                                "<style>.z{display:none}</style>")},
      {"2 MB rules and classes",
       Repeated("<b class='c1 c2 c3 c4 c5 c6 c7 c8 c9'>", kMost,
                rules + "</style>")},
      {"2 MB style sheet",
       Repeated(".a,.b .c{display:none}", kMost, "<style>")},
      {"2 MB selectors",
       Repeated(",", kMost, "<style>.a") + "{color:red}</style>"},
      {"2 MB @media", Repeated("@media x{", kMost, "<style>")},
      {"2 MB @x{}", Repeated("@x{}", kMost, "<style>")},
      {"2 MB escapes in CSS", Repeated("\\41", kMost, "<style>")},
      {"2 MB url()", Repeated("url(x)", kMost, "<style>")},
      {"2 MB of declarations", Repeated("top:a;", kMost, "<b style='") + "'>"},
      {"2 MB of colours", Repeated("color:a;", kMost, "<b style='") + "'>"},
      {"2 MB of one font", Repeated("1 ", kMost, "<b style='font:") + "'>"},
      {"2 MB background",
       Repeated("a ", kMost, "<b style='background:") + "'>"},
      {"2 MB escapes in style", Repeated("\\a", kMost, "<b style='") + "'>"},
      {"2 MB entities in style", Repeated("&amp;", kMost, "<b style='") + "'>"},
      {"2 MB style url()",
       Repeated("<b style='a:url(x) url(y) url(z)'>", kMost)},
  };
  Measure(all);
}

// 100,000 links, and links that cost much.
void MeasureLinks() {
  std::string many;
  for (int i = 0; i < 100'000; ++i)
    many += fmt::format("<a href=http://h{}.example/>x</a>", i);
  const std::string long_host = Repeated("a.", 60'000);
  const std::string wide = Repeated("\xc3\xbc", 60'000, "<a href=http://");
  const Hostile all[] = {
      {"100,000 links", many},
      {"<svg><style>, links", "<svg><style>" + many},
      {"2 MB <a href=x>", Repeated("<a href=x>", kMost)},
      {"2 MB srcset", Repeated("a,b 1x,", kMost, "<img srcset='") + "'>"},
      {"2 MB srcsets", Repeated("<img srcset='a 1x,b 2x,c 3x,d 4x'>", kMost)},
      {"2 MB www.", Repeated("www.a ", kMost)},
      {"2 MB ://", Repeated("http://a.example ", kMost)},
      {"2 MB of long base",
       Repeated("<a href=/>", kMost, "<base href=http://" + long_host + "/>")},
      {"2 MB long hosts", Repeated("<a href=http://" + long_host + ">", kMost)},
      {"2 MB wide hosts", Repeated(wide + ">", kMost)},
      {"2 MB IDN links", Repeated("<a href=http://b\xc3\xbc"
                                  "cher.example/>",
                                  kMost)},
      {"2 MB IDN in text", Repeated("http://b\xc3\xbc"
                                    "cher.example ",
                                    kMost)},
      {"2 MB xn-- links",
       Repeated("<a href=http://xn--bcher-kva.example/>", kMost)},
      {"2 MB % in hosts", Repeated("<a href=http://%61%62%c3%bc/>", kMost)},
      {"2 MB entities in links",
       Repeated("<a href=http://&#97;.example/&amp;&amp;>", kMost)},
      {"2 MB of one link's text",
       Repeated("<b>x</b> ", kMost, "<a href=http://a.example/>")},
      {"2 MB links of refresh",
       Repeated("<meta http-equiv=refresh content='1;url=http://a.example'>",
                kMost)},
  };
  Measure(all);
}

}  // namespace
}  // namespace postern

int main() {
  postern::MeasureNewsletters();
  postern::MeasureMarkup();
  postern::MeasureStyles();
  postern::MeasureLinks();
}
