// What the reading of HTML costs: newsletters, what is remembered of them, and
// what was made to cost much. CPU time of this thread, least of many runs.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "policy/base/sha256.h"
#include "policy/facts/html_cache.h"
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
  for (const std::size_t octets : {2'000UZ, 5'000UZ, 30'000UZ, 90'000UZ}) {
    const std::string html = Newsletter(octets);
    std::size_t sink = 0;
    HtmlCache cache(16 << 20);
    const double tokens = Least([&] {
      HtmlTokenizer tokenizer(html);
      while (tokenizer.Next() != HtmlStep::kEnd) ++sink;
    });
    const double whole = Least([&] { sink += ReadHtml(html).links.size(); });
    const double hash = Least([&] { sink += Sha256Of(html).size(); });
    const double cached = Least([&] { sink += cache.Read(html)->images; });
    const double gumbo = Least([&] { sink += GumboLinks(html) ? 1U : 0U; });
    fmt::print(
        "newsletter {:>7} octets: tokens {:6.1f} us, read {:6.1f} us, "
        "SHA-256 {:5.1f} us, remembered {:5.1f} us, gumbo {:7.1f} us{}\n",
        html.size(), tokens, whole, hash, cached, gumbo, sink == 0 ? "!" : "");
  }
}

void MeasureHostile() {
  constexpr std::size_t kMost = 2 * 1024 * 1024;
  const std::pair<std::string_view, std::string> hostile[] = {
      {"61 KB misnested", Misnested()},
      {"500 KB <div>", Repeated("<div>", 500'000)},
      {"889 KB of attributes", Repeated("a1=bcdef ", 889'000, "<a ")},
      {"2 MB <", Repeated("<", kMost)},
      {"2 MB <b>", Repeated("<b>", kMost)},
      {"2 MB </b>", Repeated("</b>", kMost, "<b>")},
      {"2 MB <a href=x>", Repeated("<a href=x>", kMost)},
      {"2 MB styles", Repeated("<b style=color:#fff;font:0>", kMost)},
      {"2 MB classes", Repeated("<b class='a b c d e f g'>", kMost,
                                "<style>.z{display:none}</style>")},
      {"2 MB style sheet",
       Repeated(".a,.b .c{display:none}", kMost, "<style>")},
      {"2 MB url()", Repeated("url(x)", kMost, "<style>")},
      {"2 MB srcset", Repeated("a,b 1x,", kMost, "<img srcset='")},
      {"2 MB &am", Repeated("&am", kMost)},
      {"2 MB &notit;", Repeated("&notit;", kMost)},
      {"2 MB hidden", Repeated("&#8203;x", kMost, "<p hidden>")},
      {"2 MB of attributes", Repeated("a ", kMost, "<a ")},
      {"2 MB comments", Repeated("<!---->", kMost)},
      {"2 MB [if]", Repeated("<!--[if x]>-->", kMost)},
      {"2 MB <svg><style>", Repeated("<svg><style>", kMost)},
      {"2 MB www.", Repeated("www.a ", kMost)},
      {"2 MB ://", Repeated("http://a.example ", kMost)},
  };
  for (const auto& [name, html] : hostile) {
    std::size_t bytes = 0;
    const double time = Least([&] { bytes = ReadHtml(html).bytes(); });
    fmt::print("{:22} {:6.2f} ms, {:5.2f} MB{}\n", name, time / 1e3,
               static_cast<double>(bytes) / 1e6,
               ReadHtml(html).is_over_limit ? ", over limit" : "");
  }
}

}  // namespace
}  // namespace postern

int main() {
  postern::MeasureNewsletters();
  postern::MeasureHostile();
}
