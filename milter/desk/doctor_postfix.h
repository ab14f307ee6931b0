// One Postfix as the doctor sees it. Private to the two doctor_postfix files.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "milter/desk/doctor.h"

namespace postern {

constexpr const char* kPostconf = "/usr/sbin/postconf";
constexpr std::chrono::milliseconds kPostconfPatience{10'000};

struct PostfixPatient {
  std::string folder;  // of main.cf
  std::map<std::string, std::string, std::less<>> settings;
  bool is_ours = true;  // false: it may have nothing to do with Postern
  Visit* visit = nullptr;

  [[nodiscard]] std::string Get(std::string_view name) const;
  void Say(const std::string& name, Health outcome, std::string detail,
           std::string fix) const;
  // "in DIR/main.cf: name = value"
  [[nodiscard]] std::string Write(const std::string& name,
                                  const std::string& value) const;
};

// Postern's socket as main.cf has to name it.
[[nodiscard]] std::string OurSocketForPostfix(const PostfixPatient& patient);

// Whether Postfix's processes can connect to it: permissions, chroot.
void ExaminePostfixReach(const PostfixPatient& patient);

}  // namespace postern
