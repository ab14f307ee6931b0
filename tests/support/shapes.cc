#include "tests/support/shapes.h"

#include <fmt/format.h>

#include <random>
#include <string_view>
#include <utility>

namespace postern {
namespace {

Header PlainHeader() {
  Header header;
  header.Receive("Received", " from a.example ([192.0.2.1])\n\tby b.example");
  header.Receive("From", " Alice <alice@example.org>");
  header.Receive("To", " Bob <bob@example.net>");
  header.Receive("Subject", " plain");
  header.Receive("Date", " Sat, 21 Nov 2026 19:54:00 +0000");
  header.Receive("Message-ID", " <1@example.org>");
  return header;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

Shape Make(std::string name, const Fields& fields, std::string body) {
  Header header = PlainHeader();
  for (const auto& [field, value] : fields) header.Receive(field, value);
  return {std::move(name), std::move(header),
          Body::FromString(std::move(body))};
}

std::string Repeat(std::string_view text, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += text;
  return out;
}

Shape Crowded() {
  Shape shape = Make("crowded", {}, "x\r\n");
  for (int i = 0; i < 300; ++i)
    shape.header.Receive(i % 3 == 0 ? "References" : "X-Filler",
                         fmt::format(" <{}@example.org>", i));
  return shape;
}

// Draws the pieces of a random message.
class Draw {
 public:
  explicit Draw(std::uint32_t seed) : engine_(seed) {}
  std::size_t Below(std::size_t count) {  // the same on every platform
    return static_cast<std::size_t>(engine_() % count);
  }
  template <std::size_t kSize>
  std::string_view OneOf(const std::string_view (&choices)[kSize]) {
    return choices[Below(kSize)];
  }

 private:
  std::mt19937 engine_;
};

std::string RandomValue(Draw& draw) {
  constexpr std::string_view kWords[] = {
      "alpha",
      "Beta;",
      "a;b=c",
      "\"quoted; \\\" str\"",
      "=?utf-8?q?a?=",
      "caf\xc3\xa9",
      "\xff\xfe",
      "(com;ment)",
      ":",
      "<x@example.org>,",
      "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"
      "ww"};
  constexpr std::string_view kGaps[] = {" ",    "  ",    "\t", " \t ",   "\n ",
                                        "\n\t", " \n  ", "",   "\t\n\t "};
  constexpr std::string_view kEnds[] = {"", "", " ", "\t", "  \t"};
  std::string value(draw.OneOf(kEnds));
  for (std::size_t words = draw.Below(8); words > 0; --words) {
    value += draw.OneOf(kGaps);
    value += draw.OneOf(kWords);
  }
  value += draw.OneOf(kEnds);
  return value;
}

std::string RandomBody(Draw& draw) {
  constexpr std::string_view kPieces[] = {
      "word",
      " ",
      "  ",
      "\t",
      " \t",
      "\xe9\xff",
      ".",
      "-- ",
      "\r\n",
      "\r\n\r\n",
      " \r\n",
      "\t\r\n",
      "<p style=\"x\">",
      "From ",
      "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg="
      "="};
  constexpr std::string_view kEnds[] = {"",  "\r\n", "\r\n\r\n",    " \r\n",
                                        " ", "\t",   "\t\r\n \r\n", " \t \r\n"};
  std::string body;
  for (std::size_t pieces = draw.Below(120); pieces > 0; --pieces)
    body += draw.OneOf(kPieces);
  body += draw.OneOf(kEnds);
  return body;
}

}  // namespace

std::vector<Shape> NamedShapes() {
  std::vector<Shape> shapes;
  shapes.push_back(Make("plain", {}, "Hello.\r\n"));
  shapes.push_back(Make("duplicates",
                        {{"To", " c@example.net"},
                         {"Subject", " second"},
                         {"From", " Eve <eve@example.org>"},
                         {"to", " lower@example.net"}},
                        "Hello.\r\n"));
  shapes.push_back(Make("eight-bit", {{"Comments", " caf\xe9"}},
                        "caf\xc3\xa9 \xff\xfe\x80\r\n"));
  shapes.push_back(
      Make("folded",
           {{"References", "\n <1@example.org>\n\t<2@example.org>"},
            {"Content-Type", " text/plain;\n\tcharset=utf-8"}},
           "Hello.\r\n"));
  shapes.push_back(Make("empty-folds",
                        {{"Cc", " a@example.net,\n \n b@c.example"}},
                        "Hello.\r\n"));
  shapes.push_back(Make("trailing-blanks",
                        {{"Reply-To", " a@example.org  \t "}},
                        "one \t \r\n\ttwo  words\t\r\n \t\r\n\r\n \r\n"));
  shapes.push_back(Make("empty-values",
                        {{"Cc", ""}, {"Sender", " "}, {"List-Id", "\t"}},
                        "x\r\n"));
  shapes.push_back(
      Make("space-before-colon", {{"Reply-To ", " a@example.org"}}, "x\r\n"));
  shapes.push_back(
      Make("list",
           {{"List-Unsubscribe", " <https://example.org/u?1>"},
            {"List-Unsubscribe-Post", " List-Unsubscribe=One-Click"},
            {"List-Id", " <l.example.org>"},
            {"Feedback-ID", " a:b:c:d"},
            {"MIME-Version", " 1.0"},
            {"Content-Type", " text/html"},
            {"Content-Transfer-Encoding", " 8bit"}},
           "<p>Hello\r\n"));
  shapes.push_back(Make("empty-body", {}, ""));
  shapes.push_back(Make("only-line-ends", {}, "\r\n\r\n\r\n"));
  shapes.push_back(Make("only-blanks", {}, " \t \r\n \r\n"));
  shapes.push_back(Make("no-final-line-end", {}, "Hello.\r\nlast"));
  shapes.push_back(Make("no-final-line-end-blanks", {}, "Hello.\r\nlast  "));
  shapes.push_back(Make("last-line-blank", {}, "Hello.\r\n  "));
  shapes.push_back(Make("one-space", {}, " "));
  shapes.push_back(Make("huge-word", {}, std::string(200'000, 'z') + "\r\n"));
  shapes.push_back(
      Make("long-field", {{"Cc", " " + std::string(5'000, 'y')}}, "x\r\n"));
  shapes.push_back(Crowded());
  shapes.push_back(Make(
      "one-megabyte", {},
      Repeat("A line of text,  with \tblanks and words of it.\r\n", 1 << 20)));
  return shapes;
}

Shape RandomShape(std::uint32_t seed) {
  constexpr std::string_view kNames[] = {
      "To",           "Subject",      "DATE",
      "message-id",   "Cc",           "Reply-To",
      "MIME-Version", "Content-Type", "X-Odd",
      "Received",     "Resent-From",  "List-Id",
      "Sender",       "In-Reply-To",  "Content-Transfer-Encoding",
      "Bcc",          "References"};
  Draw draw(seed);
  Header header;
  const std::size_t fields = draw.Below(25);
  const std::size_t from_at = draw.Below(fields + 1);
  for (std::size_t i = 0; i <= fields; ++i) {
    if (i == from_at) header.Receive("From", " Alice <alice@example.org>");
    if (i < fields)
      header.Receive(std::string(draw.OneOf(kNames)), RandomValue(draw));
  }
  return {fmt::format("random-{}", seed), std::move(header),
          Body::FromString(RandomBody(draw))};
}

}  // namespace postern
