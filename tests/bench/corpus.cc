// Text out of a small vocabulary, put into the shapes that real mail has.
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/corpus.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "tests/bench/encoding.h"

namespace postern {
namespace {

constexpr std::size_t kTextColumns = 72;
// Of a row of a table with its link, without the prose.
constexpr std::size_t kRowOctets = 190;

constexpr std::array kWords = {
    "the",        "order",  "you",     "placed",   "with",     "us",
    "has",        "been",   "shipped", "and",      "will",     "arrive",
    "tomorrow",   "please", "see",     "your",     "account",  "for",
    "details",    "a",      "new",     "season",   "of",       "garden",
    "tools",      "is",     "here",    "free",     "delivery", "on",
    "everything", "over",   "fifty",   "euros",    "Größe",    "café",
    "meeting",    "moved",  "to",      "Thursday", "thanks",   "regards",
    "invoice",    "number", "paid",    "in",       "full",     "reference",
};
constexpr std::array kRecipientDomains = {
    "gmail-user.example", "yahoo-user.example",   "m365-user.example",
    "gmx-user.example",   "outlook-user.example", "selfhost.example",
};
constexpr std::array kLinkHosts = {"www.bench.example", "links.bench.example",
                                   "shop.example", "images.bench.example"};

// One message in the making: its own stream of chance.
class Author {
 public:
  explicit Author(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t bound) { return random_() % bound; }
  template <typename Choices>
  std::string OneOf(const Choices& choices) {
    return choices[Below(choices.size())];
  }
  std::string Token(std::size_t length) {
    static constexpr std::string_view kAlphabet =
        "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string token;
    while (token.size() < length) token += kAlphabet[Below(kAlphabet.size())];
    return token;
  }
  std::string Words(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      text += (i == 0 ? "" : " ") + OneOf(kWords);
    }
    return text;
  }
  // About that many octets of prose in lines.
  std::string Prose(std::size_t octets, std::string_view prefix = "") {
    std::string text;
    while (text.size() < octets) {
      std::string line(prefix);
      while (line.size() < kTextColumns) line += OneOf(kWords) + " ";
      text += line + "\r\n";
      if (Below(8) == 0) text += std::string(prefix) + "\r\n";
    }
    return text;
  }
  std::string Link() {
    return "https://" + OneOf(kLinkHosts) + "/" + Token(8) +
           "?utm_source=mail&u=" + Token(24);
  }

 private:
  std::mt19937_64 random_;
};

std::string DateField(std::time_t date) {
  std::tm parts{};
  gmtime_r(&date, &parts);
  char text[64];
  const std::size_t size =
      std::strftime(text, sizeof text, " %a, %d %b %Y %H:%M:%S +0000", &parts);
  return {text, size};
}

MilterMessage Letter(Author& author, std::time_t date) {
  MilterMessage message;
  const std::string user = "user" + std::to_string(author.Below(20));
  const std::string to =
      author.Token(7) + "@" + author.OneOf(kRecipientDomains);
  message.mail_from = "<" + user + "@bench.example>";
  message.mail_args = {"SIZE=10000", "BODY=8BITMIME"};
  message.recipients = {{"<" + to + ">", {}}};
  message.login = user;
  message.queue_id = "4" + author.Token(11);
  message.headers = {
      {"Received",
       " from app.bench.example (app.bench.example [192.0.2.1])\n"
       "\tby mx.bench.example (Postfix) with ESMTPSA id " +
           author.Token(10) + "\n\tfor <" + to + ">;" + DateField(date)},
      {"From", " \"Bench Shop\" <" + user + "@bench.example>"},
      {"To", " <" + to + ">"},
      {"Subject", " " + Ascii(author.Words(6))},
      {"Date", DateField(date)},
      {"Message-ID", " <" + author.Token(24) + "@bench.example>"},
      {"MIME-Version", " 1.0"},
      {"X-Mailer", " Bench Mailer 4.2"},
  };
  return message;
}

std::string Part(const std::string& type, const std::string& encoding,
                 const std::string& content) {
  return "Content-Type: " + type +
         "\r\n"
         "Content-Transfer-Encoding: " +
         encoding + "\r\n\r\n" + content;
}

std::string Multipart(const std::string& boundary,
                      const std::vector<std::string>& parts) {
  std::string body;
  for (const std::string& part : parts) {
    body += "--" + boundary + "\r\n" + part + "\r\n";
  }
  return body + "--" + boundary + "--\r\n";
}

std::string Html(Author& author, std::size_t octets, std::size_t links) {
  std::string html =
      "<!DOCTYPE html>\r\n<html><head><meta charset=\"utf-8\">\r\n"
      "<style>td{font:14px Arial;padding:8px}</style></head><body>\r\n<table>";
  const std::size_t prose =
      octets / links - std::min(octets / links, kRowOctets);
  for (std::size_t i = 0; i < links; ++i) {
    html +=
        "<tr><td class=\"cell\" style=\"color:#333333;width:600px\">\r\n<p>" +
        author.Prose(prose) + "</p>\r\n<a href=\"" + author.Link() + "\">" +
        author.Words(3) + "</a></td></tr>\r\n";
  }
  return html + "</table></body></html>\r\n";
}

void MakeAlternative(MilterMessage& message, Author& author,
                     const std::string& text, const std::string& html) {
  const std::string boundary = "=_" + author.Token(30);
  message.headers.push_back(
      {"Content-Type",
       " multipart/alternative;\n\tboundary=\"" + boundary + "\""});
  const std::string qp = "quoted-printable";
  message.body = Multipart(
      boundary, {Part("text/plain; charset=utf-8", qp, QuotedPrintable(text)),
                 Part("text/html; charset=utf-8", qp, QuotedPrintable(html))});
}

MilterMessage Transactional(Author& author, std::time_t date) {
  MilterMessage message = Letter(author, date);
  message.headers.push_back({"Auto-Submitted", " auto-generated"});
  const std::string text =
      author.Prose(900) + author.Link() + "\r\n" + author.Prose(300);
  MakeAlternative(message, author, text, Html(author, 2200, 3));
  return message;
}

MilterMessage Reply(Author& author, std::time_t date) {
  MilterMessage message = Letter(author, date);
  const std::string parent = " <" + author.Token(20) + "@selfhost.example>";
  message.headers.push_back({"In-Reply-To", parent});
  message.headers.push_back(
      {"References", " <" + author.Token(20) + "@bench.example>\n" + parent});
  message.headers.push_back(
      {"Content-Type", " text/plain; charset=utf-8; format=flowed"});
  message.headers.push_back({"Content-Transfer-Encoding", " quoted-printable"});
  message.body = QuotedPrintable(author.Prose(500 + author.Below(500)) +
                                 "\r\nOn Monday somebody wrote:\r\n" +
                                 author.Prose(1000 + author.Below(1500), "> "));
  return message;
}

MilterMessage Newsletter(Author& author, std::time_t date) {
  MilterMessage message = Letter(author, date);
  const std::string campaign = "c" + std::to_string(author.Below(5));
  message.mail_from = "<bounce+" + author.Token(12) + "@bench.example>";
  message.headers.insert(
      message.headers.end(),
      {{"List-Unsubscribe", " <https://www.bench.example/u/" +
                                author.Token(20) +
                                ">,\n <mailto:unsubscribe@bench.example>"},
       {"List-Unsubscribe-Post", " List-Unsubscribe=One-Click"},
       {"List-Id", " Garden news <" + campaign + ".news.bench.example>"},
       {"Feedback-ID", " " + campaign + ":garden:news:bench"},
       {"Precedence", " bulk"}});
  // Quoted-printable adds about a tenth, whole lines another.
  const std::size_t octets = 32000 + author.Below(66000);
  MakeAlternative(message, author, author.Prose(3000),
                  Html(author, octets, 180));
  return message;
}

MilterMessage WithAttachment(Author& author, std::time_t date,
                             const std::string& text_encoding) {
  MilterMessage message = Letter(author, date);
  const std::string prose = author.Prose(700);
  const std::string text =
      text_encoding == "8bit" ? prose : QuotedPrintable(prose);
  const std::string boundary = "----=_Part_" + author.Token(20);
  message.headers.push_back(
      {"Content-Type", " multipart/mixed; boundary=\"" + boundary + "\""});
  std::string octets = "%PDF-1.4\n";
  const std::size_t size = 750'000 + author.Below(1'500'000);
  while (octets.size() < size) {
    octets += static_cast<char>(author.Below(256));
  }
  message.body = Multipart(
      boundary, {Part("text/plain; charset=utf-8", text_encoding, text),
                 Part("application/pdf; name=\"invoice.pdf\"\r\n"
                      "Content-Disposition: attachment; "
                      "filename=\"invoice.pdf\"",
                      "base64", Base64(octets))});
  return message;
}

MilterMessage Write(MailKind kind, Author& author, std::time_t date) {
  switch (kind) {
    case MailKind::kTransactional:
      return Transactional(author, date);
    case MailKind::kReply:
      return Reply(author, date);
    case MailKind::kNewsletter:
      return Newsletter(author, date);
    case MailKind::kAttachment:
      return WithAttachment(author, date, "quoted-printable");
    case MailKind::kEightBit:
      return WithAttachment(author, date, "8bit");
    case MailKind::kMix:
      break;
  }
  return Transactional(author, date);
}

// Of every twenty: 12, 5, 2 and 1.
MailKind KindInMix(std::size_t place) {
  switch (place % 20) {
    case 7:
      return MailKind::kAttachment;
    case 3:
    case 13:
      return MailKind::kNewsletter;
    default:
      return place % 4 == 1 ? MailKind::kReply : MailKind::kTransactional;
  }
}

}  // namespace

std::optional<MailKind> MailKindOfName(std::string_view name) {
  if (name == "transactional") return MailKind::kTransactional;
  if (name == "reply") return MailKind::kReply;
  if (name == "newsletter") return MailKind::kNewsletter;
  if (name == "attachment") return MailKind::kAttachment;
  if (name == "eight-bit") return MailKind::kEightBit;
  if (name == "mix") return MailKind::kMix;
  return std::nullopt;
}

std::vector<MilterMessage> MakeCorpus(const CorpusPlan& plan) {
  std::vector<MilterMessage> corpus;
  for (std::size_t i = 0; i < plan.size; ++i) {
    Author author(plan.seed * 1'000'003 + i);
    const bool is_mix = plan.kind == MailKind::kMix;
    corpus.push_back(
        Write(is_mix ? KindInMix(i) : plan.kind, author, plan.date));
  }
  return corpus;
}

}  // namespace postern
