// The filter's packets, read strictly.
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_answer.h"

#include <arpa/inet.h>

#include <cctype>
#include <cstring>

namespace postern {
namespace {

using Op = MilterEdit::Op;

std::uint32_t NumberAt(const std::string& payload, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, payload.data() + at, sizeof number);
  return ntohl(number);
}

// Strings that end with NUL, the last one too.
std::optional<std::vector<std::string>> Strings(std::string_view payload) {
  std::vector<std::string> strings;
  while (!payload.empty()) {
    const std::size_t end = payload.find('\0');
    if (end == payload.npos) return std::nullopt;
    strings.emplace_back(payload.substr(0, end));
    payload.remove_prefix(end + 1);
  }
  return strings;
}

std::optional<Op> OpOfLetter(char letter) {
  switch (letter) {
    case 'h':
      return Op::kAddHeader;
    case 'i':
      return Op::kInsertHeader;
    case 'm':
      return Op::kChangeHeader;
    case 'b':
      return Op::kReplaceBody;
    case 'e':
      return Op::kChangeSender;
    case '+':
    case '2':
      return Op::kAddRecipient;
    case '-':
      return Op::kDeleteRecipient;
    case 'q':
      return Op::kQuarantine;
    default:
      return std::nullopt;
  }
}

std::unexpected<Error> Malformed(char letter) {
  return Fail(std::string("malformed packet '") + letter + "'");
}

Result<MilterEdit> HeaderEdit(Op op, const MilterPacket& packet,
                              bool has_leading_space) {
  MilterEdit edit{.op = op};
  std::string_view rest = packet.payload;
  if (op != Op::kAddHeader) {
    if (rest.size() < 4) return Malformed(packet.letter);
    edit.index = NumberAt(packet.payload, 0);
    rest.remove_prefix(4);
  }
  const auto strings = Strings(rest);
  if (!strings || strings->size() != 2) return Malformed(packet.letter);
  if (strings->at(0).empty()) return Malformed(packet.letter);
  edit.name = strings->at(0);
  edit.value = strings->at(1);
  const bool is_deletion = op == Op::kChangeHeader && edit.value.empty();
  if (!has_leading_space && !is_deletion)
    edit.value.insert(edit.value.begin(), ' ');
  return edit;
}

bool IsReplyText(const std::string& text) {
  if (text.size() < 3 || (text[0] != '4' && text[0] != '5')) return false;
  return isdigit(static_cast<unsigned char>(text[1])) &&
         isdigit(static_cast<unsigned char>(text[2]));
}

char LetterOfStage(std::uint32_t stage) {
  constexpr std::string_view kLetters = "CHMRTEN";  // SMFIM_CONNECT … SMFIM_EOH
  return stage < kLetters.size() ? kLetters[stage] : '\0';
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (c != ' ' && c != ',') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

// After the twelve octets: stage number, names, NUL, and so on.
Result<void> ReadMacroNames(std::string_view rest, MilterTerms& terms) {
  while (!rest.empty()) {
    const std::size_t end = rest.size() < 4 ? rest.npos : rest.find('\0', 4);
    if (end == rest.npos) return Malformed('O');
    const char letter =
        LetterOfStage(NumberAt(std::string(rest.substr(0, 4)), 0));
    if (letter == '\0') return Malformed('O');
    terms.macro_names[letter] = Words(rest.substr(4, end - 4));
    rest.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace

std::optional<MilterVerdict> VerdictOfLetter(char letter) {
  switch (letter) {
    case 'c':
      return MilterVerdict::kContinue;
    case 'a':
      return MilterVerdict::kAccept;
    case 'r':
      return MilterVerdict::kReject;
    case 't':
      return MilterVerdict::kTempfail;
    case 'd':
      return MilterVerdict::kDiscard;
    case 'y':
      return MilterVerdict::kReplyCode;
    case '4':
      return MilterVerdict::kShutdown;
    case 'f':
      return MilterVerdict::kConnectionFail;
    case 's':
      return MilterVerdict::kSkip;
    default:
      return std::nullopt;
  }
}

MilterReply ReplyOfPacket(const MilterPacket& packet) {
  const auto verdict = VerdictOfLetter(packet.letter);
  if (!verdict) {
    return {.failure = std::string("not a verdict: '") + packet.letter + "'"};
  }
  if (*verdict != MilterVerdict::kReplyCode) return {.verdict = *verdict};
  const auto strings = Strings(packet.payload);
  if (!strings || strings->size() != 1 || !IsReplyText(strings->at(0))) {
    return {.verdict = *verdict, .failure = "malformed reply text"};
  }
  return {.verdict = *verdict, .text = strings->at(0)};
}

Result<MilterEdit> EditOfPacket(const MilterPacket& packet,
                                bool has_leading_space) {
  const auto op = OpOfLetter(packet.letter);
  if (!op) return Fail(std::string("not an edit: '") + packet.letter + "'");
  if (*op == Op::kReplaceBody) {
    return MilterEdit{.op = *op, .value = packet.payload};
  }
  if (*op == Op::kAddHeader || *op == Op::kInsertHeader ||
      *op == Op::kChangeHeader) {
    return HeaderEdit(*op, packet, has_leading_space);
  }
  const auto strings = Strings(packet.payload);
  if (!strings || strings->empty() || strings->size() > 2) {
    return Malformed(packet.letter);
  }
  MilterEdit edit{.op = *op, .value = strings->at(0)};
  if (strings->size() == 2) edit.args = strings->at(1);
  return edit;
}

Result<MilterTerms> TermsOfPacket(const MilterPacket& packet,
                                  const MilterTerms& offer) {
  if (packet.letter != 'O' || packet.payload.size() < 12) {
    return Malformed(packet.letter);
  }
  MilterTerms terms{.version = NumberAt(packet.payload, 0),
                    .actions = NumberAt(packet.payload, 4),
                    .protocol = NumberAt(packet.payload, 8),
                    .macro_names = {}};
  if (terms.version > offer.version || (terms.actions & ~offer.actions) != 0 ||
      (terms.protocol & ~offer.protocol) != 0) {
    return Fail("the filter asks for more than was offered");
  }
  const auto rest = std::string_view(packet.payload).substr(12);
  if (auto read = ReadMacroNames(rest, terms); !read) {
    return std::unexpected(read.error());
  }
  return terms;
}

std::string OfferPayload(const MilterTerms& offer) {
  const std::uint32_t numbers[] = {htonl(offer.version), htonl(offer.actions),
                                   htonl(offer.protocol)};
  return {reinterpret_cast<const char*>(numbers), sizeof numbers};
}

}  // namespace postern
