// What the reading of header and MIME structure costs beside GMime's, and what
// was made to cost much. CPU time of this thread, least of many runs.

#include <fmt/format.h>
#include <malloc.h>

#include <string>
#include <string_view>

#include "policy/checks/catalogue.h"
#include "policy/facts/body_shape.h"
#include "policy/message/transfer_encoding.h"
#include "tests/bench/measure.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

constexpr std::string_view kHeader =
    "From: =?utf-8?Q?J=C3=B6rg?= Example <news@example.org>\r\n"
    "To: Bob <bob@receiver.example>\r\n"
    "Subject: Your order =?utf-8?Q?=E2=84=96?= 4711 is on its way\r\n"
    "Date: Sat, 21 Nov 2026 11:59:00 +0000\r\n"
    "Message-ID: <1.2@example.org>\r\n"
    "Reply-To: help@example.org\r\n"
    "Received: from app.example.org by mail.example.org; Sat, 21 Nov 2026 "
    "11:59:01 +0000\r\n"
    "List-Unsubscribe: <https://example.org/u?1>\r\n"
    "X-Mailer: Example 1.0\r\nMIME-Version: 1.0\r\n";

std::string Alternative(std::size_t octets) {
  std::string text, html = "<html><body>";
  for (int i = 0; text.size() + html.size() < octets; ++i) {
    const std::string line =
        "Some words that a reader may like to see, number " +
        std::to_string(i) + ".";
    if (text.size() < octets / 6) text += line + "\r\n";
    html += "<p style=\"color:#333333;font:14px Arial\">" + line + "</p>\r\n";
  }
  return std::string(kHeader) +
         "Content-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n--b1\r\n"
         "Content-Type: text/plain; charset=utf-8\r\n\r\n" +
         text +
         "\r\n--b1\r\nContent-Type: text/html; charset=utf-8\r\n"
         "Content-Transfer-Encoding: quoted-printable\r\n\r\n" +
         EncodeQuotedPrintable(html) + "\r\n--b1--\r\n";
}

std::string Attachment(std::size_t octets) {
  return std::string(kHeader) +
         "Content-Type: multipart/mixed; "
         "boundary=b1\r\n\r\n--b1\r\n\r\nHello\r\n"
         "--b1\r\nContent-Type: application/pdf; name=a.pdf\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n" +
         EncodeBase64Lines(std::string(octets, 'x')) + "\r\n--b1--\r\n";
}

std::string Repeated(std::string_view head, std::string_view piece, int count) {
  std::string text(head);
  for (int i = 0; i < count; ++i) text += piece;
  return text + "\r\n";
}

std::string Nested(int levels) {
  std::string text(kHeader);
  text += "Content-Type: multipart/mixed; boundary=b0\r\n\r\n";
  for (int i = 1; i < levels; ++i)
    text += fmt::format(
        "--b{}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", i - 1,
        i);
  return text;
}

Facts Read(const std::string& octets) {
  ParsedOctets parsed = ParseOctets(octets);
  FactsBuilder builder;
  builder.message().header = std::move(parsed.header);
  builder.message().body = std::move(parsed.body);
  builder.Recipient("bob@receiver.example", MailDomain::kHasMx);
  Facts facts = builder.Build();
  const Message& message = *facts.message;
  if (const HeaderField* from = message.header.Find("From"))
    facts.from = ParseAddressList(from->value);
  facts.body = ShapeOf(message.body.bytes());
  facts.mime = ReadMime(message.header, message.body);
  for (const MimePart& part : facts.mime.parts)
    if (part.type == "text/html")
      facts.html.push_back(
          std::make_shared<const HtmlFacts>(ReadHtml(part.text)));
  return facts;
}

std::size_t RunStructureChecks(const Facts& facts) {
  std::size_t found = 0;
  for (const Check* check : Catalogue())
    if (check->rules.starts_with('H') || check->rules.starts_with('M'))
      found += check->run(facts).size();
  return found;
}

void Row(std::string_view name, const std::string& octets) {
  const std::size_t before = mallinfo2().uordblks;
  Facts facts = Read(octets);
  const Message& message = *facts.message;
  const double header =
      Least([&] { facts.header = ReadHeaderFacts(message.header); });
  const double mime = Least([&] { GatherMime(&facts); });
  const double gmime =
      Least([&] { facts.mime = ReadMime(message.header, message.body); });
  std::size_t found = 0;
  const double checks = Least([&] { found = RunStructureChecks(facts); });
  fmt::print("{:<24}{:>9}{:>10.1f}{:>10.1f}{:>10.1f}{:>10.1f}{:>9}{:>8.1f}\n",
             name, octets.size(), header, mime, checks, gmime, found,
             static_cast<double>(mallinfo2().uordblks - before) / 1e6);
}

}  // namespace
}  // namespace postern

int main() {
  using postern::Repeated;
  using postern::Row;
  fmt::print("{:<24}{:>9}{:>10}{:>10}{:>10}{:>10}{:>9}{:>8}\n", "message",
             "octets", "header us", "mime us", "checks us", "gmime us",
             "findings", "held MB");
  Row("transactional", postern::Alternative(5'000));
  Row("newsletter", postern::Alternative(73'000));
  Row("attachment", postern::Attachment(2'000'000));
  const std::string head(postern::kHeader);
  Row("50,000 fields", Repeated(head, "X-A: b\r\n", 50'000));
  Row("encoded-words, 1 MB",
      Repeated(head + "Subject: ", "=?utf-8?Q?=C3=A9?=\r\n ", 50'000));
  Row("addresses, 1 MB",
      Repeated(head + "To: ", "a@example.org,\r\n ", 60'000));
  Row("folds, 1 MB", Repeated(head + "X-A: ", "b\r\n ", 250'000));
  Row("levels, 10,000", postern::Nested(10'000));
  Row("levels, 90", postern::Nested(90));
  const std::string mixed =
      head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  Row("empty parts, 500 KB", Repeated(mixed, "--b\r\n\r\n", 70'000));
  Row("parts, 9,000", Repeated(mixed, "--b\r\n\r\nx\r\n", 9'000));
  Row("dashes, 2 MB", Repeated(mixed, "--c\r\n", 400'000));
  Row("messages, 10,000",
      Repeated(head, "Content-Type: message/rfc822\r\n\r\n", 10'000));
}
