// Seals and validates for arc_agrees.py.
//
//   arc_shapes seal DIRECTORY COUNT   every named shape and COUNT random ones,
//       each sealed one to four times, as DIRECTORY/NAME.eml; keys.txt with
//       "name record" a line
//   arc_shapes validate KEYS FILE...  "FILE RESULT REASON" a line

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "policy/signing/arc.h"
#include "policy/signing/arc_fields.h"
#include "tests/support/map_dns.h"
#include "tests/support/shapes.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'795'290'840)};

std::string KeyName(const KeyInUse& key) {
  return key.selector + "._domainkey." + key.domain.text();
}

// As hop number `hop` would, of a chain that came to it unharmed.
bool SealOnce(const KeyInUse& key, int hop, Shape* shape) {
  const Result<ArcSet> set =
      SealMessage(shape->header, shape->body,
                  {.key = key,
                   .instance = hop,
                   .received = hop == 1 ? ArcResult::kNone : ArcResult::kPass,
                   .results = fmt::format("mx{}.example.org; spf=pass "
                                          "smtp.mailfrom=alice@example.org; "
                                          "dkim=pass header.d=example.org",
                                          hop),
                   .now = kNow});
  if (!set) {
    fmt::print(stderr, "{}: {}\n", shape->name, set.error().message);
    return false;
  }
  shape->header.Prepend(kArcResults, set->results);
  shape->header.Prepend(kArcMessageSignature, set->message_signature);
  shape->header.Prepend(kArcSeal, set->seal);
  return true;
}

int SealAll(const std::string& directory, std::uint32_t count) {
  const std::vector<KeyInUse> keys = {
      TestKey("example.org", "rsa", kTestRsa2048Pem),
      TestKey("fwd.example", "short", kTestRsa1024Pem)};
  std::ofstream records(directory + "/keys.txt");
  for (const KeyInUse& key : keys)
    records << KeyName(key) << ". " << KeyRecordOf(*key.key) << "\n";
  std::vector<Shape> shapes = NamedShapes();
  for (std::uint32_t seed = 1; seed <= count; ++seed)
    shapes.push_back(RandomShape(seed));
  int number = 0;
  for (Shape& shape : shapes) {
    const int hops = 1 + number++ % 4;
    for (int hop = 1; hop <= hops; ++hop) {
      // Each hop leaves its mark.
      shape.header.Prepend("Received", fmt::format("from hop{}.example", hop));
      if (!SealOnce(keys[static_cast<std::size_t>(hop % 2)], hop, &shape))
        return 1;
    }
    std::ofstream file(fmt::format("{}/{}.eml", directory, shape.name),
                       std::ios::binary);
    // Over SMTP the last line always ends (RFC 5321 s.4.1.1.4).
    const std::string octets = ToOctets(shape.header, shape.body);
    file << octets << (octets.ends_with("\r\n") ? "" : "\r\n");
  }
  return 0;
}

int ValidateAll(const std::string& keys, std::span<char*> files) {
  MapDns dns;
  std::ifstream records(keys);
  for (std::string line; std::getline(records, line);) {
    const std::size_t space = line.find(". ");
    if (space == std::string::npos) continue;
    dns.txt[line.substr(0, space)] = {line.substr(space + 2)};
  }
  for (const char* name : files) {
    std::ifstream file(name, std::ios::binary);
    const std::string octets(std::istreambuf_iterator<char>(file), {});
    const ParsedOctets message = ParseOctets(octets);
    const ArcChain chain =
        ValidateChain(message.header, message.body, dns, Deadline::max(), kNow);
    fmt::print("{} {} {}\n", name, ToString(chain.result), chain.reason);
  }
  return 0;
}

}  // namespace
}  // namespace postern

int main(int argc, char** argv) {
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  if (words.size() < 4) return 2;
  const std::string_view verb = words[1];
  if (verb == "validate")
    return postern::ValidateAll(words[2], words.subspan(3));
  const std::string_view digits = words[3];
  std::uint32_t count = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), count).ec !=
      std::errc())
    return 2;
  return postern::SealAll(words[2], count);
}
