// What a campaign costs: a thousand messages with the same HTML to as many
// recipients, read anew each time and with what is remembered of the parts. CPU
// time of this thread, the mean of the thousand, the least of several rounds.

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "policy/config/load.h"
#include "policy/facts/content_cache.h"
#include "policy/facts/content_facts.h"
#include "policy/facts/scripted_dns.h"
#include "policy/facts/text.h"
#include "policy/gate.h"
#include "tests/bench/measure.h"

namespace postern {
namespace {

constexpr int kMessages = 1000;
constexpr int kRounds = 5;

// Rows as mailing tools write them, one link in each.
std::string Html(std::string_view greeting, std::size_t octets) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\r\n<html><head><style>td{{padding:8px}} "
      "a{{color:#0066cc}}</style></head>\r\n<body>\r\n<p>Hello {},</p>\r\n"
      "<table width=\"100%\">",
      greeting);
  for (int i = 0; html.size() < octets; ++i)
    html += fmt::format(
        "<tr><td align=\"left\" style=\"font-family:Arial,sans-serif;font-size:"
        "14px;color:#333333;padding:0 20px\">\r\n<p>Some words that a reader "
        "of newsletters may like to see &amp; follow, number {}.</p>\r\n"
        "<a href=\"https://click.news.example/ls/click?upn=u001.{}abcdefghij"
        "klmnopqrstuvwxyz0123456789&amp;t={}\" style=\"color:#0066cc\">Read "
        "more</a></td></tr>\r\n",
        i, i, i);
  return html + "</table></body></html>\r\n";
}

enum class Personal { kNothing, kPlainText, kHtml };

Message Letter(int number, Personal personal, std::size_t octets) {
  const std::string name = fmt::format("Reader {}", number);
  const auto greeting = [&](Personal where) -> std::string_view {
    return personal == where ? std::string_view(name) : "dear reader";
  };
  std::string plain =
      fmt::format("Hello {},\r\n\r\n", greeting(Personal::kPlainText));
  for (int i = 0; plain.size() < 3000; ++i)
    plain +=
        fmt::format("Some words, number {}: https://news.example/{}\r\n", i, i);
  ParsedOctets parsed = ParseOctets(fmt::format(
      "From: News <news@example.org>\r\nTo: reader{}@reader.example\r\n"
      "Subject: What is new\r\nDate: Sat, 21 Nov 2026 11:59:00 +0000\r\n"
      "Message-ID: <{}@example.org>\r\nMIME-Version: 1.0\r\n"
      "List-Unsubscribe: <https://news.example/u/{}>\r\n"
      "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n"
      "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}\r\n--b--\r\n",
      number, number, number, plain, Html(greeting(Personal::kHtml), octets)));
  return {.envelope = {"news@example.org",
                       {},
                       {{fmt::format("reader{}@reader.example", number), {}}}},
          .header = std::move(parsed.header),
          .body = std::move(parsed.body)};
}

class Campaign {
 public:
  Campaign(Personal personal, std::size_t octets)
      : personal_(personal), octets_(octets) {
    Config config = DefaultConfig();
    config.mode = Mode::kEnforce;
    rulebook_ = *MakeRulebook(std::move(config));
  }

  // Of one message: what its text says, and the whole judgement.
  struct Cost {
    double text = 1e18, whole = 1e18;
  };
  Cost Measure(bool is_remembered) {
    Cost least;
    for (int round = 0; round < kRounds; ++round) {
      Cost cost{0, 0};
      for (int i = 0; i < kMessages; ++i) {
        // Greetings never come again, not even in the next round.
        Message message = Letter(number_++, personal_, octets_);
        cost.text += OfText(message, is_remembered);
        cost.whole += OfWhole(std::move(message), is_remembered);
      }
      least.text = std::min(least.text, cost.text / kMessages);
      least.whole = std::min(least.whole, cost.whole / kMessages);
    }
    return least;
  }

 private:
  double OfText(const Message& message, bool is_remembered) {
    Facts facts;
    facts.message = std::make_shared<const Message>(message);
    facts.config = &rulebook_->config;
    facts.mime = ReadMime(message.header, message.body);
    return Once([&] {
      GatherText(is_remembered ? &texts_ : nullptr, &facts);
      GatherPhrases(&facts);
    });
  }

  double OfWhole(Message message, bool is_remembered) {
    const Gate gate({.dns = dns_.get(),
                     .clock = &clock_,
                     .content_cache = is_remembered ? &gates_ : nullptr});
    TransactionLimits limits;
    return Once([&] {
      (void)gate.JudgeMessage(std::move(message), *rulebook_, std::nullopt,
                              &limits, In(std::chrono::seconds(60)));
    });
  }

  Personal personal_;
  std::size_t octets_;
  int number_ = 0;
  // One each: the gate reads again what was read for its text.
  ContentCache texts_{16 << 20}, gates_{16 << 20};
  std::shared_ptr<const Rulebook> rulebook_;
  std::unique_ptr<ScriptedDns> dns_ = *ScriptedDns::Parse(
      "example.org MX 10 mx.example.org\nreader.example MX 10 mx.example.org\n"
      "mx.example.org A 192.0.2.1\n",
      "zone");
  ManualClock clock_{TimePoint(std::chrono::hours(24 * 365 * 50))};
};

void Row(std::string_view name, Personal personal, std::size_t octets) {
  Campaign campaign(personal, octets);
  const Campaign::Cost anew = campaign.Measure(false);
  const Campaign::Cost known = campaign.Measure(true);
  fmt::print(
      "{:>7} octets, {:22} text {:7.1f} us, remembered {:6.1f} us: {:5.2f} x; "
      "whole judgement {:7.1f} us, {:7.1f} us: {:4.2f} x\n",
      octets, name, anew.text, known.text, anew.text / known.text, anew.whole,
      known.whole, anew.whole / known.whole);
}

}  // namespace
}  // namespace postern

int main() {
  using postern::Personal;
  for (const std::size_t octets : {5'000UZ, 30'000UZ, 90'000UZ}) {
    postern::Row("the same for all", Personal::kNothing, octets);
    postern::Row("greeting in plain text", Personal::kPlainText, octets);
    postern::Row("greeting in the HTML", Personal::kHtml, octets);
  }
}
