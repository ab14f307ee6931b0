// ApplyEdits, and messages as bytes. A malformed header line in the bytes
// becomes a field with an empty value; nothing fails.
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_message.h"

#include <strings.h>

#include <algorithm>

namespace postern {
namespace {

using Op = MilterEdit::Op;

std::string_view WithoutBrackets(std::string_view address) {
  if (address.starts_with('<')) address.remove_prefix(1);
  if (address.ends_with('>')) address.remove_suffix(1);
  return address;
}

bool SameName(const std::string& a, const std::string& b) {
  return strcasecmp(a.c_str(), b.c_str()) == 0;
}

// Postfix: the place in the whole header, its own Received counted.
void InsertField(MilterMessage& message, const MilterEdit& edit) {
  const std::size_t size = message.headers.size();
  const std::size_t place = std::min<std::size_t>(edit.index, size);
  message.headers.insert(message.headers.begin() + place,
                         {edit.name, edit.value});
}

// Postfix: the index-th of that name, its own Received not counted; 0 means 1;
// appended when there is none, unless it is a deletion.
void ChangeField(MilterMessage& message, const MilterEdit& edit,
                 std::size_t hidden_fields) {
  std::uint32_t seen = 0;
  for (std::size_t i = hidden_fields; i < message.headers.size(); ++i) {
    if (!SameName(message.headers[i].name, edit.name)) continue;
    if (++seen < edit.index) continue;
    if (edit.value.empty()) {
      message.headers.erase(message.headers.begin() + i);
    } else {
      message.headers[i] = {edit.name, edit.value};
    }
    return;
  }
  if (!edit.value.empty()) message.headers.push_back({edit.name, edit.value});
}

std::vector<std::string> SplitArgs(std::string_view args) {
  std::vector<std::string> words;
  while (!args.empty()) {
    const std::size_t end = std::min(args.find(' '), args.size());
    if (end > 0) words.emplace_back(args.substr(0, end));
    args.remove_prefix(std::min(end + 1, args.size()));
  }
  return words;
}

void ApplyEnvelopeEdit(MilterMessage& message, const MilterEdit& edit) {
  const std::string_view address = WithoutBrackets(edit.value);
  const std::string bracketed = "<" + std::string(address) + ">";
  if (edit.op == Op::kChangeSender) {
    message.mail_from = bracketed;
    if (!edit.args.empty()) message.mail_args = SplitArgs(edit.args);
  } else if (edit.op == Op::kAddRecipient) {
    message.recipients.push_back({bracketed, SplitArgs(edit.args)});
  } else {
    std::erase_if(message.recipients, [&](const MilterRecipient& recipient) {
      return WithoutBrackets(recipient.address) == address;
    });
  }
}

void ApplyEdit(MilterMessage& message, const MilterEdit& edit,
               std::size_t hidden_fields) {
  switch (edit.op) {
    case Op::kAddHeader:
      message.headers.push_back({edit.name, edit.value});
      return;
    case Op::kInsertHeader:
      return InsertField(message, edit);
    case Op::kChangeHeader:
      return ChangeField(message, edit, hidden_fields);
    case Op::kReplaceBody:
      message.body = edit.value;
      return;
    case Op::kChangeSender:
    case Op::kAddRecipient:
    case Op::kDeleteRecipient:
      return ApplyEnvelopeEdit(message, edit);
    case Op::kQuarantine:
      return;
  }
}

void LeaveOutRefused(MilterMessage& message, const MilterOutcome& outcome) {
  std::vector<MilterRecipient> kept;
  for (std::size_t i = 0; i < message.recipients.size(); ++i) {
    const bool refused = i < outcome.recipient_replies.size() &&
                         !outcome.recipient_replies[i].goes_on();
    if (!refused) kept.push_back(message.recipients[i]);
  }
  message.recipients = std::move(kept);
}

void AppendWithCrlf(std::string& bytes, std::string_view folded) {
  for (const char c : folded) {
    if (c == '\n') bytes += '\r';
    bytes += c;
  }
}

// Takes one line off the front, without its end.
std::string_view NextLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

bool MilterReply::goes_on() const {
  if (!failure.empty()) return false;
  return verdict == MilterVerdict::kNone ||
         verdict == MilterVerdict::kContinue ||
         verdict == MilterVerdict::kAccept || verdict == MilterVerdict::kSkip;
}

MilterMessage ApplyEdits(MilterMessage message, const MilterOutcome& outcome) {
  LeaveOutRefused(message, outcome);
  std::size_t hidden_fields = 0;
  if (!message.own_received.empty()) {
    message.headers.insert(message.headers.begin(),
                           {"Received", message.own_received});
    hidden_fields = 1;
  }
  message.own_received.clear();
  for (const MilterEdit& edit : outcome.edits) {
    ApplyEdit(message, edit, hidden_fields);
  }
  return message;
}

std::string MessageBytes(const MilterMessage& message) {
  std::string bytes;
  for (const MilterField& field : message.headers) {
    bytes += field.name + ":";
    AppendWithCrlf(bytes, field.value);
    bytes += "\r\n";
  }
  return bytes + "\r\n" + message.body;
}

MilterMessage MessageFromBytes(std::string_view bytes) {
  MilterMessage message;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::string_view line = NextLine(rest);
    if (line.empty()) break;
    if ((line[0] == ' ' || line[0] == '\t') && !message.headers.empty()) {
      message.headers.back().value += "\n" + std::string(line);
      continue;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::size_t after = std::min(colon + 1, line.size());
    message.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(line.substr(after))});
  }
  message.body = rest;
  return message;
}

}  // namespace postern
