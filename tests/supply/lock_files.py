"""One small file for each kind that is read, and the components that it names.

A component is (name, version or ``? range``, line, source, scope).
"""

from typing import Any

from tests.supply.manifest_files import DECLARED, WORKSPACE

# Files that others include, and that are no samples themselves.
TREE = WORKSPACE | {
    "other.txt": "click>=8\n",
    "parent/pom.xml": """<project>
  <artifactId>parent</artifactId>
  <properties><guava.version>33.0</guava.version></properties>
  <dependencyManagement><dependencies><dependency>
    <groupId>org.junit</groupId><artifactId>junit</artifactId><version>5.1</version><scope>test</scope>
  </dependency></dependencies></dependencyManagement>
</project>
""",
}

Named = tuple[str, str, int, str, str | None]
REGISTRY, RUN, DEV, MAY = "registry", "runtime", "development", "optional"

FILES: dict[str, tuple[str, list[Any]]] = {
    "package-lock.json": (
        """{
  "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"a": "^1"}, "devDependencies": {"b": "*"}},
    "node_modules/a": {"version": "1.2.3", "integrity": "sha512-AAAA", "license": "MIT"},
    "node_modules/a/node_modules/@s/c": {
      "version": "2.0.0", "dev": true
    },
    "node_modules/alias": {"name": "real", "version": "3.0.0", "optional": true},
    "node_modules/g": {"version": "0.1.0", "resolved": "git+ssh://git@github.com/o/g.git#0123456789"},
    "node_modules/own": {"resolved": "packages/own", "link": true},
    "packages/own": {"version": "0.0.1"}
  }
}
""",
        [
            ("a", "1.2.3", 5, REGISTRY, RUN),
            ("@s/c", "2.0.0", 6, REGISTRY, DEV),
            ("real", "3.0.0", 9, REGISTRY, MAY),
            ("g", "0.1.0", 10, "git", RUN),
            ("own", "0.0.1", 12, "workspace", None),
        ],
    ),
    "old/npm-shrinkwrap.json": (
        """{
  "lockfileVersion": 1,
  "dependencies": {
    "a": {
      "version": "1.0.0",
      "dependencies": {
        "b": {"version": "2.0.0", "dev": true}
      }
    },
    "b": {"version": "npm:real@3.0.0"},
    "f": {"version": "file:../f"},
    "g": {"version": "git+https://example.com/g.git#abcdef0123", "from": "g"}
  }
}
""",
        [
            ("a", "1.0.0", 4, REGISTRY, RUN),
            ("b", "2.0.0", 7, REGISTRY, DEV),
            ("real", "3.0.0", 10, REGISTRY, RUN),
            ("f", "? None", 11, "file", RUN),
            ("g", "abcdef0123", 12, "git", RUN),
        ],
    ),
    "v5/pnpm-lock.yaml": (
        """lockfileVersion: 5.4
packages:
  /@s/a/1.0.0_react@18.0.0:
    resolution: {integrity: sha512-AAAA}
    dev: true
  /b/2.0.0:
    resolution: {integrity: sha512-BBBB}
    dev: false
  github.com/o/c/0123456789012345678901234567890123456789:
    resolution: {tarball: https://codeload.github.com/o/c/tar.gz/0123456789012345678901234567890123456789}
    name: c
    version: 3.0.0
    dev: false
""",
        [
            ("@s/a", "1.0.0", 3, REGISTRY, DEV),
            ("b", "2.0.0", 6, REGISTRY, RUN),
            ("c", "3.0.0", 9, "git", RUN),
        ],
    ),
    "v9/pnpm-lock.yaml": (
        """---
lockfileVersion: '9.0'
importers:
  .:
    configDependencies: {}
packages:
  tool@9.9.9:
    resolution: {integrity: sha512-TTTT}
---
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1, version: 1.0.0(b@2.0.0)}
    devDependencies:
      d: {specifier: ^4, version: 4.0.0}
packages:
  a@1.0.0:
    resolution: {integrity: sha512-AAAA}
  b@2.0.0:
    resolution: {integrity: sha512-BBBB}
  d@4.0.0:
    resolution: {integrity: sha512-DDDD}
snapshots:
  a@1.0.0(b@2.0.0):
    dependencies: {b: 2.0.0}
  b@2.0.0: {}
  d@4.0.0:
    dependencies: {b: 2.0.0}
""",
        [
            ("tool", "9.9.9", 7, REGISTRY, None),
            ("a", "1.0.0", 18, REGISTRY, RUN),
            ("b", "2.0.0", 20, REGISTRY, RUN),
            ("d", "4.0.0", 22, REGISTRY, DEV),
        ],
    ),
    "yarn.lock": (
        """# yarn lockfile v1


"@s/a@^1.0.0", "@s/a@^1.1.0":
  version "1.1.0"
  resolved "https://registry.example.com/@s/a/-/a-1.1.0.tgz#0123456789012345678901234567890123456789"
  integrity sha512-AAAA
  dependencies:
    version "^2.0.0"

"alias@npm:real@^3.0.0":
  version "3.0.1"

g@o/g:
  version "0.1.0"
  resolved "https://codeload.github.com/o/g/tar.gz/0123456789012345678901234567890123456789"
""",
        [
            ("@s/a", "1.1.0", 4, REGISTRY, None),
            ("real", "3.0.1", 11, REGISTRY, None),
            ("g", "0.1.0", 14, "git", None),
        ],
    ),
    "berry/yarn.lock": (
        """__metadata:
  version: 8

"a@npm:^1.0.0":
  version: 1.0.5
  resolution: "a@npm:1.0.5"
  checksum: 10c0/abcd

"own@workspace:packages/own":
  version: 0.0.0-use.local
  resolution: "own@workspace:packages/own"

"root@workspace:.":
  version: 0.0.0-use.local
  resolution: "root@workspace:."

"g@https://github.com/o/g.git":
  version: 2.0.0
  resolution: "g@https://github.com/o/g.git#commit=0123456789"
""",
        [
            ("a", "1.0.5", 4, REGISTRY, None),
            ("own", "0.0.0-use.local", 9, "workspace", None),
            ("g", "2.0.0", 17, "git", None),
        ],
    ),
    "bun.lock": (
        """{
  "lockfileVersion": 1, // a comment
  "workspaces": {"": {"dependencies": {"a": "^1"}, },},
  "packages": {
    "a": ["a@1.0.0", "", {}, "sha512-AAAA"],
    "a/b": ["b@2.0.0", "", {}, "sha512-BBBB"],
    "g": ["g@github:o/g#0123456", {}, "o-g-0123456"],
    "own": ["own@workspace:packages/own"],
  }
}
""",
        [
            ("a", "1.0.0", 5, REGISTRY, None),
            ("b", "2.0.0", 6, REGISTRY, None),
            ("g", "0123456", 7, "git", None),
        ],
    ),
    "requirements.txt": (
        """# a comment
-r other.txt
--index-url https://example.com/simple
a==1.0 \\
    --hash=sha256:abc
b[x] >= 2, < 3 ; python_version < "3"  # why
c @ git+https://example.com/c.git@0123456789
-e git+https://example.com/d.git#egg=d
./wheels/e-1.5-py3-none-any.whl
""",
        [
            ("a", "1.0", 4, REGISTRY, None),
            ("b", "? >= 2, < 3", 6, REGISTRY, None),
            ("c", "0123456789", 7, "git", None),
            ("d", "? git+https://example.com/d.git#egg=d", 8, "git", None),
            ("e", "1.5", 9, "file", None),
        ],
    ),
    "Pipfile.lock": (
        """{
  "_meta": {"pipfile-spec": 6},
  "default": {
    "a": {"version": "==1.0", "hashes": ["sha256:abc"]},
    "g": {"git": "https://example.com/g.git", "ref": "0123456"}
  },
  "develop": {
    "b": {"version": "==2.0"}
  }
}
""",
        [
            ("a", "1.0", 4, REGISTRY, RUN),
            ("g", "0123456", 5, "git", RUN),
            ("b", "2.0", 8, REGISTRY, DEV),
        ],
    ),
    "poetry.lock": (
        """[[package]]
name = "a"
version = "1.0"
groups = ["main", "dev"]
files = [{file = "a.whl", hash = "sha256:abc"}]

[[package]]
name = "b"
version = "2.0"
groups = ["dev"]

[package.source]
type = "git"
url = "https://example.com/b.git"
resolved_reference = "0123456"

[metadata]
lock-version = "2.1"
""",
        [("a", "1.0", 2, REGISTRY, RUN), ("b", "2.0", 8, "git", DEV)],
    ),
    "pdm.lock": (
        """[metadata]
lock_version = "4.5.0"

[[package]]
name = "a"
version = "1.0"
groups = ["default", "dev"]

[[package]]
name = "b"
version = "2.0"
groups = ["dev"]
git = "https://example.com/b.git"
""",
        [("a", "1.0", 5, REGISTRY, RUN), ("b", "2.0", 10, "git", DEV)],
    ),
    "uv.lock": (
        """version = 1

[[package]]
name = "own"
version = "0.1"
source = { virtual = "." }
dependencies = [{ name = "a" }]

[package.dev-dependencies]
dev = [{ name = "c" }]

[[package]]
name = "a"
version = "1.0"
source = { registry = "https://example.com/simple" }
dependencies = [{ name = "b" }]
sdist = { url = "https://example.com/a.tar.gz", hash = "sha256:abc" }

[[package]]
name = "b"
version = "2.0"
source = { registry = "https://example.com/simple" }

[[package]]
name = "c"
version = "3.0"
source = { git = "https://example.com/c.git#0123456" }
""",
        [("a", "1.0", 13, REGISTRY, RUN), ("b", "2.0", 20, REGISTRY, RUN), ("c", "3.0", 25, "git", DEV)],
    ),
    "pylock.toml": (
        """lock-version = "1.0"
[[packages]]
name = "a"
version = "1.0"
[[packages]]
name = "b"
vcs = {type = "git", url = "https://example.com/b.git", commit-id = "0123456"}
[[packages]]
name = "own"
directory = {path = "."}
""",
        [("a", "1.0", 3, REGISTRY, None), ("b", "0123456", 6, "git", None)],
    ),
    "pyproject.toml": (
        """[project]
name = "own"
dependencies = [
  "a>=1",
  "b @ https://example.com/b.zip",
]
[project.optional-dependencies]
x = ["c==3"]
[dependency-groups]
dev = ["d", {include-group = "x"}]
[tool.poetry.dependencies]
python = "^3.11"
e = {path = "../e"}
""",
        [
            ("a", "? >=1", 4, REGISTRY, RUN),
            ("b", "? https://example.com/b.zip", 5, "url", RUN),
            ("c", "? ==3", 8, REGISTRY, MAY),
            ("d", "? *", 10, REGISTRY, DEV),
            ("e", "? *", 13, "file", RUN),
        ],
    ),
    "go.mod": (
        """module example.com/own

go 1.22

require (
	example.com/a v1.0.0
	example.com/b v0.2.0 // indirect
)
require example.com/c v1.0.0
replace example.com/b => example.com/fork v0.3.0
replace example.com/c v1.0.0 => ./c
""",
        [
            ("stdlib", "? >=1.22", 3, REGISTRY, None),
            ("example.com/a", "v1.0.0", 6, REGISTRY, None),
            ("example.com/fork", "v0.3.0", 10, REGISTRY, None),
            ("example.com/c", "? ./c", 11, "file", None),
        ],
    ),
    "Cargo.lock": (
        """version = 4

[[package]]
name = "own"
version = "0.1.0"

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://example.com/index"
checksum = "abc"

[[package]]
name = "g"
version = "2.0.0"
source = "git+https://example.com/g#0123456"
""",
        [
            ("own", "0.1.0", 4, "workspace", None),
            ("a", "1.0.0", 8, REGISTRY, None),
            ("g", "2.0.0", 14, "git", None),
        ],
    ),
    "Gemfile.lock": (
        """GIT
  remote: https://example.com/g.git
  revision: 0123456
  specs:
    g (1.0)

GEM
  remote: https://example.com/
  specs:
    a (2.0)
      b (>= 1)
    b (3.0-x86_64-linux)
    b (3.0)

DEPENDENCIES
  a
  g!
""",
        [("g", "1.0", 5, "git", None), ("a", "2.0", 10, REGISTRY, None), ("b", "3.0", 12, REGISTRY, None)],
    ),
    "composer.lock": (
        """{
  "packages": [
    {
      "name": "v/a", "version": "v1.0.0",
      "require": {"v/b": "^2"},
      "license": ["MIT", "GPL-2.0-only"],
      "dist": {"type": "zip", "shasum": ""}
    }
  ],
  "packages-dev": [
    {"name": "v/b", "version": "2.0.0", "dist": {"type": "path"}}
  ]
}
""",
        [("v/a", "v1.0.0", 4, REGISTRY, RUN), ("v/b", "2.0.0", 11, "file", DEV)],
    ),
    "composer.json": (
        """{
  "require": {
    "php": ">=8", "ext-json": "*",
    "v/a": "^1.0"
  },
  "require-dev": {"v/b": "2.0.0"}
}
""",
        [("v/a", "? ^1.0", 4, REGISTRY, RUN), ("v/b", "? 2.0.0", 6, REGISTRY, DEV)],
    ),
    "package.json": (
        """{
  "name": "own", "version": "1.0.0",
  "dependencies": {
    "a": "^1.0.0",
    "alias": "npm:@s/real@^2",
    "g": "github:o/g",
    "own-part": "workspace:*"
  },
  "devDependencies": {"a": "file:../a"}
}
""",
        [
            ("a", "? ^1.0.0", 4, REGISTRY, RUN),
            ("@s/real", "? ^2", 5, REGISTRY, RUN),
            ("g", "? github:o/g", 6, "git", RUN),
            ("own-part", "? workspace:*", 7, "workspace", RUN),
            ("a", "? file:../a", 9, "file", DEV),
        ],
    ),
    "packages.lock.json": (
        """{
  "version": 1,
  "dependencies": {
    "net8.0": {
      "A": {"type": "Direct", "requested": "[1.0.0, )", "resolved": "1.0.0", "contentHash": "abc"},
      "B": {"type": "Transitive", "resolved": "2.0.0"},
      "own": {"type": "Project"}
    }
  }
}
""",
        [
            ("A", "1.0.0", 5, REGISTRY, None),
            ("B", "2.0.0", 6, REGISTRY, None),
            ("own", "? None", 7, "workspace", None),
        ],
    ),
    "packages.config": (
        '<?xml version="1.0"?>\n<packages>\n  <package id="A" version="1.0" />\n</packages>\n',
        [("A", "1.0", 3, REGISTRY, RUN)],
    ),
    "src/app.csproj": (
        """<Project>
  <PropertyGroup><BVersion>2.0</BVersion></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="A" />
    <PackageReference Include="B" Version="$(BVersion)" PrivateAssets="all" />
    <PackageReference Include="C"><Version>3.0</Version></PackageReference>
  </ItemGroup>
</Project>
""",
        [
            ("A", "? 1.5", 4, REGISTRY, RUN),
            ("B", "? 2.0", 5, REGISTRY, DEV),
            ("C", "? 3.0", 6, REGISTRY, RUN),
        ],
    ),
    "Directory.Packages.props": (
        """<Project><ItemGroup>
<PackageVersion Include="A" Version="1.5" />
<PackageReference Include="Analyzer" Version="2.0" PrivateAssets="all" />
</ItemGroup></Project>
""",
        [("A", "? 1.5", 2, REGISTRY, None), ("Analyzer", "? 2.0", 3, REGISTRY, DEV)],
    ),
    "gradle.lockfile": (
        "# a comment\ng:a:1.0=compileClasspath,runtimeClasspath\ng:b:2.0=testRuntimeClasspath\nempty=\n",
        [("g:a", "1.0", 2, REGISTRY, RUN), ("g:b", "2.0", 3, REGISTRY, DEV)],
    ),
    "gradle/verification-metadata.xml": (
        """<verification-metadata xmlns="https://example.com/schema">
  <components>
    <component group="g" name="a" version="1.0">
      <artifact name="a-1.0.jar"><sha256 value="abc"/></artifact>
    </component>
  </components>
</verification-metadata>
""",
        [("g:a", "1.0", 3, REGISTRY, None)],
    ),
    "app/pom.xml": (
        """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <artifactId>parent</artifactId><version>7</version><relativePath>../parent</relativePath>
  </parent>
  <dependencies>
    <dependency>
      <groupId>com.google.guava</groupId><artifactId>guava</artifactId><version>${guava.version}</version>
    </dependency>
    <dependency><groupId>org.junit</groupId><artifactId>junit</artifactId></dependency>
    <dependency><groupId>own</groupId><artifactId>b</artifactId><version>${project.version}</version></dependency>
  </dependencies>
</project>
""",
        [
            ("com.google.guava:guava", "? 33.0", 6, REGISTRY, RUN),
            ("org.junit:junit", "? 5.1", 9, REGISTRY, DEV),
            ("own:b", "? 7", 10, REGISTRY, RUN),
        ],
    ),
    "mix.lock": (
        """%{
  "a": {:hex, :a, "1.0.0", "abc", [:mix], [], "hexpm", "def"},
  "g": {:git, "https://example.com/g.git", "0123456", [tag: "v1"]},
}
""",
        [("a", "1.0.0", 2, REGISTRY, None), ("g", "0123456", 3, "git", None)],
    ),
    ".github/workflows/ci.yml": (
        """on: push
jobs:
  one:
    uses: o/r/.github/workflows/x.yml@main
  two:
    steps:
      - uses: actions/checkout@0123456789012345678901234567890123456789 # v4
      - uses: ./own
      - uses: docker://alpine:3.19
""",
        [
            ("o/r/.github/workflows/x.yml", "main", 4, REGISTRY, DEV),
            ("actions/checkout", "0123456789012345678901234567890123456789", 7, REGISTRY, DEV),
            ("alpine", "3.19", 9, REGISTRY, DEV),
        ],
    ),
    "Dockerfile": (
        """# syntax=docker/dockerfile:1
ARG BASE=python
FROM --platform=linux/amd64 ${BASE}:3.12 AS build
FROM ghcr.io/o/i@sha256:abc
FROM build
FROM scratch
FROM debian
COPY --from=build --chmod=755 /a /b
COPY --chown=1 --from=ghcr.io/o/uv:0.9 /uv /bin/
COPY --from=0 /a /c
RUN --mount=type=bind,from=busybox:1.36,target=/x true
""",
        [
            ("python", "3.12", 3, REGISTRY, None),
            ("ghcr.io/o/i", "sha256:abc", 4, REGISTRY, None),
            ("debian", "? latest", 7, REGISTRY, None),
            ("ghcr.io/o/uv", "0.9", 9, REGISTRY, None),
            ("busybox", "1.36", 11, REGISTRY, None),
        ],
    ),
}
FILES |= DECLARED
