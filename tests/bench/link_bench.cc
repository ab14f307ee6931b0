// What links cost: the reading of one URL, and what is found out of the hosts
// of a message. CPU time of this thread, least of many runs.

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

#include "policy/checks/catalogue.h"
#include "policy/config/load.h"
#include "policy/facts/links.h"
#include "policy/message/html.h"
#include "policy/message/url.h"
#include "tests/bench/measure.h"

namespace postern {
namespace {

// So many links to so many hosts, as a newsletter has them.
std::string Html(int links, int hosts) {
  std::string html;
  for (int i = 0; i < links; ++i)
    html += fmt::format(
        "<p>Some words about it.</p><a href=\"https://click{}.news.example/ls/"
        "click?upn=u001.{}abcdefghijklmnopqrstuvwxyz&amp;t={}\">More</a>",
        i % hosts, i, i);
  return html;
}

void Measure(std::string_view what, const std::string& html) {
  const Config config = DefaultConfig();
  Message message;
  Facts facts;
  facts.message = std::make_shared<const Message>(message);
  facts.config = &config;
  facts.author_domain = Domain::Parse("example.org");
  facts.has_content = true;
  facts.links.Share(
      std::make_shared<const std::vector<Link>>(ReadHtml(html).links),
      HtmlFacts::kMaxLinks);
  std::size_t found = 0;
  const double hosts = Least([&] {
    facts.linking = {};
    ReadHosts(&facts);
  });
  const double checks = Least([&] {
    for (const Check* check : Catalogue())
      if (check->rules.starts_with('L')) found += check->run(facts).size();
  });
  fmt::print("{}: {} links, {} hosts: hosts {:.1f} us, checks {:.1f} us ({})\n",
             what, facts.links.size(), facts.linking.hosts.size(), hosts,
             checks, found != 0 ? "findings" : "none");
}

void MeasureUrls() {
  for (const std::string_view url :
       {"https://click.news.example/ls/click?upn=u001.abcdefghijk&t=1",
        "https://b\xc3\xbc"
        "cher.example/x",
        "http://0x7f.1/"}) {
    std::size_t sink = 0;
    const double time = Least([&] {
      for (int i = 0; i < 1000; ++i) sink += ParseUrl(url)->host.size();
    });
    fmt::print("{}: {:.0f} ns{}\n", url, time, sink == 0 ? "!" : "");
  }
}

}  // namespace
}  // namespace postern

int main() {
  postern::MeasureUrls();
  postern::Measure("transactional", postern::Html(5, 2));
  postern::Measure("newsletter", postern::Html(150, 4));
  postern::Measure("hostile", postern::Html(10'000, 10'000));
}
