#include "policy/config/receivers.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/files.h"
#include "policy/config/fill.h"
#include "policy/config/values.h"

namespace postern {
namespace {

void ParseOne(const NamedText& file, ReceiversRead& read) {
  ReceiverProfile profile;
  profile.name = std::filesystem::path(file.file).stem().string();
  if (!IsPlainName(profile.name))
    read.faults.push_back({file.file, {}, "not a name for a receiver"});
  const auto table = ParseToml(file.text, file.file);
  if (!table) {
    read.faults.push_back(table.error());
    return;
  }
  const FillReport report = Fill(*table, ReceiverSchema(), &profile, file.file);
  read.faults.insert(read.faults.end(), report.faults.begin(),
                     report.faults.end());
  for (const ReceiverProfile& other : read.profiles) {
    if (other.mx_suffixes.empty() && profile.mx_suffixes.empty())
      read.faults.push_back(
          {file.file,
           {},
           fmt::format("has no MX suffix; so has {}, and only "
                       "one profile can be for all others",
                       other.name)});
    for (const std::string& suffix : profile.mx_suffixes)
      if (std::ranges::find(other.mx_suffixes, suffix) !=
          other.mx_suffixes.end())
        read.faults.push_back(
            {file.file, report.places.at("mx"),
             fmt::format("mx: {} is claimed by {} too", suffix, other.name)});
  }
  read.profiles.push_back(std::move(profile));
}

}  // namespace

ReceiversRead ParseReceivers(std::span<const NamedText> files) {
  ReceiversRead read;
  for (const NamedText& file : files) ParseOne(file, read);
  std::ranges::sort(read.profiles,
                    [](const ReceiverProfile& a, const ReceiverProfile& b) {
                      if (a.mx_suffixes.empty() != b.mx_suffixes.empty())
                        return b.mx_suffixes.empty();
                      return a.name < b.name;
                    });
  if (read.profiles.empty() || !read.profiles.back().mx_suffixes.empty())
    read.profiles.push_back({.name = "selfhost"});
  return read;
}

ReceiversRead LoadReceivers(const std::string& directory) {
  std::vector<NamedText> files;
  Faults faults;
  std::error_code code;
  std::filesystem::directory_iterator entry(directory, code);
  for (; !code && entry != std::filesystem::directory_iterator();
       entry.increment(code)) {
    if (entry->path().extension() != ".toml") continue;
    const std::string file = entry->path().string();
    if (auto text = ReadTextFile(file))
      files.push_back({file, std::move(*text)});
    else
      faults.push_back({file, {}, "cannot be read"});
  }
  if (code) faults.push_back({directory, {}, code.message()});
  std::ranges::sort(files, {}, &NamedText::file);
  ReceiversRead read = ParseReceivers(files);
  read.faults.insert(read.faults.end(), faults.begin(), faults.end());
  return read;
}

ReceiversRead BuiltInReceivers() {
  std::vector<NamedText> files;
  for (const BuiltInFile& file : BuiltInFiles())
    if (file.path.starts_with("receivers/"))
      files.push_back({std::string(file.path), std::string(file.text)});
  return ParseReceivers(files);
}

HostListRead ParseHostList(std::string_view text, const std::string& file) {
  HostListRead read;
  int line = 0;
  for (std::string_view content : Split(text, '\n')) {
    ++line;
    content = Trim(content.substr(0, content.find('#')));
    if (content.empty()) continue;
    const auto host = Domain::Parse(content);
    if (host)
      read.hosts.insert(host->text());
    else
      read.faults.push_back(
          {file,
           {line, 1},
           fmt::format("not a host: \"{}\"", EscapeForLog(content, 60))});
  }
  return read;
}

HostListRead BuiltInHostList(std::string_view path) {
  for (const BuiltInFile& file : BuiltInFiles())
    if (file.path == path)
      return ParseHostList(file.text, std::string(file.path));
  return {};
}

}  // namespace postern
