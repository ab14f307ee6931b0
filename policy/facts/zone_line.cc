#include "policy/facts/zone_line.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

struct Word {
  std::string text;
  bool is_quoted = false;
};

struct TypeName {
  std::string_view name;
  RrType type;
};
// The types that the house asks, and others that a real zone may hold: of those
// only the existence counts.
constexpr TypeName kTypes[] = {
    {"A", RrType::kA},         {"AAAA", RrType::kAaaa}, {"MX", RrType::kMx},
    {"TXT", RrType::kTxt},     {"PTR", RrType::kPtr},   {"NS", RrType::kNs},
    {"CNAME", RrType::kCname}, {"SOA", RrType::kSoa},   {"SRV", RrType{33}},
    {"NAPTR", RrType{35}},     {"DS", RrType{43}},      {"SSHFP", RrType{44}},
    {"RRSIG", RrType{46}},     {"NSEC", RrType{47}},    {"DNSKEY", RrType{48}},
    {"NSEC3", RrType{50}},     {"TLSA", RrType{52}},    {"SVCB", RrType{64}},
    {"HTTPS", RrType{65}},     {"SPF", RrType{99}},     {"CAA", RrType{257}},
};

std::optional<RrType> TypeOf(std::string_view name) {
  const auto* found = std::ranges::find_if(kTypes, [&](const TypeName& known) {
    return EqualsIgnoreCase(known.name, name);
  });
  if (found == std::end(kTypes)) return std::nullopt;
  return found->type;
}

std::optional<DnsStatus> StatusOf(const Word& word) {
  if (word.is_quoted) return std::nullopt;
  if (EqualsIgnoreCase(word.text, "TEMPERROR")) return DnsStatus::kTempError;
  if (EqualsIgnoreCase(word.text, "NXDOMAIN")) return DnsStatus::kNxDomain;
  if (EqualsIgnoreCase(word.text, "NODATA")) return DnsStatus::kNoData;
  return std::nullopt;
}

std::optional<int> Number(std::string_view digits, int max) {
  int number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  if (number < 0 || number > max) return std::nullopt;
  return number;
}

// Reads the octet after a backslash (RFC 1035 s.5.1) and moves past it.
Result<char> TakeEscape(std::string_view& rest) {
  if (rest.empty()) return Fail("a backslash at the end of the line");
  if (!IsDigit(rest.front())) {
    const char octet = rest.front();
    rest.remove_prefix(1);
    return octet;
  }
  const std::string_view digits = rest.substr(0, 3);
  const bool is_whole =
      digits.size() == 3 && std::ranges::all_of(digits, IsDigit);
  const auto octet = is_whole ? Number(digits, 255) : std::nullopt;
  if (!octet)
    return Fail("not an escaped octet: \"\\" + EscapeForLog(digits) + "\"");
  rest.remove_prefix(3);
  return static_cast<char>(*octet);
}

// One word off the front of `rest`, which begins with it.
Result<Word> TakeWord(std::string_view& rest) {
  Word word;
  word.is_quoted = rest.front() == '"';
  if (word.is_quoted) rest.remove_prefix(1);
  while (!rest.empty()) {
    const char c = rest.front();
    if (!word.is_quoted && (IsBlank(c) || c == '"')) return word;
    rest.remove_prefix(1);
    if (c == '"') return word;
    if (c != '\\') {
      word.text += c;
      continue;
    }
    const Result<char> octet = TakeEscape(rest);
    if (!octet) return std::unexpected(octet.error());
    word.text += *octet;
  }
  if (word.is_quoted) return Fail("a quoted string without its end");
  return word;
}

Result<std::vector<Word>> Words(std::string_view line) {
  std::vector<Word> words;
  for (;;) {
    while (!line.empty() && IsBlank(line.front())) line.remove_prefix(1);
    if (line.empty() || line.front() == '#' || line.front() == ';')
      return words;
    Result<Word> word = TakeWord(line);
    if (!word) return std::unexpected(word.error());
    words.push_back(std::move(*word));
  }
}

Result<DnsRecord> AddressRecord(RrType type, std::string_view text) {
  const auto address = IpAddress::Parse(text);
  const bool is_v4 = Contains(text, ".") && !Contains(text, ":");
  if (!address || is_v4 != (type == RrType::kA))
    return Fail(fmt::format("not an IPv{} address: \"{}\"",
                            type == RrType::kA ? 4 : 6, EscapeForLog(text)));
  std::string octets(address->octets());
  // IpAddress reads a mapped address as IPv4; the record has 16 octets.
  if (type == RrType::kAaaa && octets.size() == 4)
    octets.insert(0, std::string("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12));
  return DnsRecord{.value = std::move(octets)};
}

Result<DnsRecord> NameRecord(std::string_view text) {
  if (text == ".") return DnsRecord{};
  auto name = QueryName(text);
  if (!name) return Fail("not a name: \"" + EscapeForLog(text) + "\"");
  return DnsRecord{.value = std::move(*name)};
}

Result<DnsRecord> MxRecord(std::span<const Word> words) {
  const auto preference =
      words.size() == 2 ? Number(words[0].text, 65535) : std::nullopt;
  if (!preference) return Fail("MX wants a preference and a host: \"10 mx\"");
  Result<DnsRecord> record = NameRecord(words[1].text);
  if (record) record->preference = *preference;
  return record;
}

// Strings are joined as they are; unquoted words are the text of one string.
Result<DnsRecord> TxtRecord(std::span<const Word> words) {
  DnsRecord record;
  const bool is_plain = std::ranges::none_of(words, &Word::is_quoted);
  for (const Word& word : words) {
    if (is_plain && &word != &words.front()) record.value += ' ';
    record.value += word.text;
  }
  if (record.value.size() > 65'000) return Fail("the text is too long");
  return record;
}

Result<DnsRecord> Record(RrType type, std::span<const Word> words) {
  const bool has_one_word = type == RrType::kA || type == RrType::kAaaa ||
                            type == RrType::kPtr || type == RrType::kNs ||
                            type == RrType::kCname;
  if (has_one_word && words.size() > 1)
    return Fail("more than one value: \"" + EscapeForLog(words[1].text) + "\"");
  switch (type) {
    case RrType::kA:
    case RrType::kAaaa:
      return AddressRecord(type, words.front().text);
    case RrType::kMx:
      return MxRecord(words);
    case RrType::kTxt:
      return TxtRecord(words);
    case RrType::kPtr:
    case RrType::kNs:
    case RrType::kCname:
    case RrType::kSoa:
      return NameRecord(words.front().text);
  }
  return DnsRecord{.value = words.front().text};
}

// Drops a TTL and a class, in either order (RFC 1035 s.5.1).
std::span<const Word> TakeTtlAndClass(std::span<const Word> words,
                                      ZoneLine& line) {
  for (; !words.empty(); words = words.subspan(1)) {
    const std::string& text = words.front().text;
    if (const auto ttl = Number(text, 0x7fffffff)) {
      line.ttl = std::chrono::seconds(*ttl);
    } else if (!EqualsIgnoreCase(text, "IN")) {
      break;
    }
  }
  return words;
}

bool HasControlCharacter(std::string_view line) {
  return std::ranges::any_of(line, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20 && c != '\t') || octet == 0x7f;
  });
}

}  // namespace

Result<std::optional<ZoneLine>> ParseZoneLine(std::string_view line) {
  line = Trim(line);
  if (HasControlCharacter(line))
    return Fail("a control character; write it as \\DDD in a TXT");
  const Result<std::vector<Word>> all = Words(line);
  if (!all) return std::unexpected(all.error());
  if (all->empty()) return std::nullopt;
  ZoneLine parsed;
  const std::string& owner = all->front().text;
  const auto name = QueryName(owner);
  if (!name) return Fail("not a name: \"" + EscapeForLog(owner) + "\"");
  parsed.name = *name;
  auto words = TakeTtlAndClass(std::span(*all).subspan(1), parsed);
  if (words.empty()) return Fail("no type after the name");
  if (words.size() == 1)
    if (const auto status = StatusOf(words.front())) {
      parsed.status = *status;
      return parsed;
    }
  parsed.type = TypeOf(words.front().text);
  if (!parsed.type)
    return Fail("not a type: \"" + EscapeForLog(words.front().text) + "\"");
  words = words.subspan(1);
  if (words.empty()) return Fail("no value after the type");
  const auto status =
      words.size() == 1 ? StatusOf(words.front()) : std::nullopt;
  if (status) {
    parsed.status = *status;
    return parsed;
  }
  Result<DnsRecord> record = Record(*parsed.type, words);
  if (!record) return std::unexpected(record.error());
  parsed.record = std::move(*record);
  return parsed;
}

std::string QuoteTxt(std::string_view text) {
  constexpr std::size_t kMaxString = 255;
  std::string quoted;
  for (; !text.empty(); text.remove_prefix(std::min(kMaxString, text.size()))) {
    if (!quoted.empty()) quoted += ' ';
    quoted += '"';
    for (const char c : text.substr(0, kMaxString)) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    quoted += '"';
  }
  return quoted;
}

}  // namespace postern
