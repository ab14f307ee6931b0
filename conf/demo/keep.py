"""What can be done by hand with a scene that stays up.

SPDX-License-Identifier: Apache-2.0
"""
from daemon import program
from postfix import LOGIN, PASSWORD

TEXT = """
It stays up in {home}. To go on by hand:

a message through Postfix, as a program on the server sends it:
  printf 'From: alice@post.example\\nTo: bob@gmail-user.example\\n\
Subject: hello\\n\\nhi\\n' |
    /usr/sbin/sendmail -C {postfix}/etc -i -f alice@post.example \
bob@gmail-user.example
by SMTP, without login: 127.0.0.1 port {relay}
by SMTP, with login:    127.0.0.1 port {submission}, {login}, {password}
what Postern says:      tail -f {postern}/log
what the receiver got:  ls -t {home}/received | head
what is held:           {program} held list --config {config}
let it go:              {program} held release ID --config {config}
what would be said of a message:
  {program} check --config {config} --sender alice@post.example \
--recipient bob@gmail-user.example FILE.eml

stop it all:            conf/quickstart --stop {home}
"""


def tell_how_to_go_on(scene):
    print(TEXT.format(
        home=scene.home, postfix=scene.postfix.home,
        postern=scene.postern.home, config=scene.postern.config,
        program=program(), relay=scene.postfix.relay_port,
        submission=scene.postfix.submission_port,
        login=f"{LOGIN}@{scene.postfix.hostname}", password=PASSWORD),
          flush=True)
