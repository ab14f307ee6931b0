#include "policy/remedies/author_field.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "policy/base/text.h"
#include "policy/message/fold.h"

namespace postern {
namespace {

constexpr std::size_t kLongestName = 256;

// RFC 2047 s.2: no longer than 75 octets, and five parts between "?".
bool IsEncodedWord(std::string_view word) {
  return word.size() <= 75 && word.starts_with("=?") && word.ends_with("?=") &&
         std::count(word.begin(), word.end(), '?') == 4;
}

bool IsAtom(std::string_view word) {
  constexpr std::string_view kSpecials = "!#$%&'*+-/=?^_`{|}~";
  return std::all_of(word.begin(), word.end(), [&](char c) {
    return IsAlnum(c) || kSpecials.find(c) != kSpecials.npos;
  });
}

std::vector<std::string> WordsOf(std::string_view name) {
  std::string blank(name);
  std::replace_if(
      blank.begin(), blank.end(),
      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; },
      ' ');
  std::vector<std::string> words;
  for (const std::string_view word : Split(blank, ' '))
    if (!word.empty()) words.emplace_back(word);
  return words;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// A display name with what is to follow it. Encoded-words mean something only
// outside of quotes (RFC 2047 s.5), all else is safe only within.
std::string Phrase(const std::string& name, const std::string& suffix) {
  const std::vector<std::string> words = WordsOf(name);
  const bool has_encoded =
      std::any_of(words.begin(), words.end(), IsEncodedWord);
  const bool may_stand_bare =
      has_encoded &&
      std::all_of(words.begin(), words.end(), [](const std::string& word) {
        return IsEncodedWord(word) || IsAtom(word);
      });
  const std::string text = Join(words, " ");
  if (!may_stand_bare)
    return Quoted(text + (suffix.empty() ? "" : " " + suffix));
  return suffix.empty() ? text : text + " " + Quoted(suffix);
}

std::string MailboxText(const Mailbox& mailbox, const NewAuthor& author) {
  const std::string suffix =
      author.via.empty() ? "" : "via " + std::string(author.via);
  std::string name = mailbox.display_name;
  if (name.size() > kLongestName) name.clear();
  if (WordsOf(name).empty() && !suffix.empty())
    name = mailbox.address.local_part;
  if (WordsOf(name).empty()) return author.address;
  return Phrase(name, suffix) + " <" + author.address + ">";
}

}  // namespace

bool ReplaceAuthor(const Facts& facts, const NewAuthor& author,
                   Message* message) {
  Header& header = message->header;
  if (!facts.author_domain || header.Count("From") != 1) return false;
  const Mailbox& mailbox = facts.from.mailboxes.front();
  const std::optional<std::string> from =
      FoldValue("From", MailboxText(mailbox, author));
  const NewAuthor same{.address = mailbox.address.ToString(), .via = {}};
  const std::string original = MailboxText(mailbox, same);
  const std::optional<std::string> reply_to = FoldValue("Reply-To", original);
  const std::optional<std::string> kept =
      FoldValue("X-Original-From", original);
  if (!from || !reply_to || !kept) return false;
  header.SetNth("From", 0, *from);
  // Where the author has said where replies go, they go there (RFC 5322
  // s.3.6.2).
  if (header.Count("Reply-To") == 0) header.Append("Reply-To", *reply_to);
  header.Set("X-Original-From", *kept);
  return true;
}

}  // namespace postern
