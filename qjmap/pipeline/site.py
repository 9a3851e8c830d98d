"""Write a folder for a static web server: pages, data at stable addresses, a preview image for links, a sitemap, a feed of changes."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from xml.sax.saxutils import escape

from qjmap.atomic_write import Content, file_chunks, write_all
from qjmap.engine import Engine
from qjmap.errors import Fault
from qjmap.i18n import text
from qjmap.model.atlas import Atlas
from qjmap.output_paths import check_outputs
from qjmap.pipeline.build import Tags, changes_since, loaded_for_pages, page_contents, row_counts
from qjmap.pipeline.export import export, geojson_parts
from qjmap.pipeline.load import Step, quiet
from qjmap.project import Project
from qjmap.report.headless_browser import picture
from qjmap.setting_values import INDEX, View

PICTURE = "picture.png"
_WIDTH, _HEIGHT = 1200, 630
"""Size of a preview image (Open Graph) in CSS pixels; the picture has one pixel for each, so that it stays below a megabyte."""
_LOCALES = {"zh": "zh_CN", "en": "en_US"}


@dataclass(frozen=True)
class Site:
    """Result of `build_site`.

    Attributes
    ----------
    files : all files, the page at the address of the site first.
    counts : layer -> number of rows.
    warnings : warnings about the tables.
    picture : origin of the preview image: "browser", "project", or "" if there is none.
    """

    files: tuple[Path, ...]
    counts: Mapping[str, int]
    warnings: tuple[Fault, ...]
    picture: str


def build_site(
    project: Project, folder: Path, *, url: str | None = None, tiles: Sequence[str] = (), strict: bool = False, rows: int | None = None,
    since: str | None = None, engine: Engine | None = None, step: Step = quiet,
) -> Site:  # fmt: skip
    """Write a web site of a project, all files or none; the project's own maps and exports are not changed.

    Parameters
    ----------
    folder : folder to write to.
    url : address at which the folder will be served. Without it there is no sitemap, no feed and no link to the preview image, which need
        absolute addresses.
    since : earlier edition, as `diff.open_edition` takes it; pages and feed then list the changes since that edition.
    tiles, strict, rows, engine : as in `pipeline.build.build`; errors too.
    """
    settings, base = project.settings, _base(url) if url else ""
    views = settings.pages
    paths = {view.id: folder / f"{view.id}.html" for view in views}
    paths = {**paths, INDEX: folder / f"{INDEX}.html"} if len(views) > 1 else {settings.id: folder / f"{INDEX}.html"}
    check_outputs([*paths.values(), folder / PICTURE], project=project.root)
    changes = changes_since(project, since)
    with (
        loaded_for_pages(project, rows=rows, engine=engine, strict=strict, step=step) as (loaded, atlas),
        tempfile.TemporaryDirectory() as made,
    ):
        exported = geojson_parts(loaded.atlas, tables=loaded.atlas.export_tables(), sites=loaded.sites_file, step=step)
        data: dict[Path, Content] = {folder / "data" / f"{name}.geojson": parts for name, parts in exported.items()}
        tables = export(project, Path(made, "csv"), form="csv", engine=engine)
        data |= {folder / "data" / path.name: file_chunks(path) for path in sorted(tables)}
        step("draw")
        image, origin = _picture(atlas, project, Path(made))
        feed = bool(base and changes)

        def head(view: View) -> Tags:
            return [
                *_head(atlas, view, base, paths[view.id].name, has_picture=bool(image)),
                *(_FEED_LINK if feed else ()),
            ]

        contents: dict[Path, Content] = page_contents(atlas, paths, tiles=tiles, changes=changes, head=head)
        contents = {folder / f"{INDEX}.html": contents[folder / f"{INDEX}.html"], **contents, **data}
        contents |= {folder / PICTURE: image} if image else {}
        if base:
            addresses = [*(path.name for path in paths.values()), *(f"data/{path.name}" for path in data)]
            contents[folder / "sitemap.xml"] = _sitemap(base, addresses)
        if feed:
            contents[folder / "feed.xml"] = _feed(atlas, base, changes)
        counts = row_counts(loaded, atlas)
        return Site(tuple(write_all(contents, durable=False)), counts, loaded.warnings, origin)


_FEED_LINK: Tags = (("link", {"rel": "alternate", "type": "application/rss+xml", "href": "feed.xml"}),)


def _base(url: str) -> str:
    """Return the address of a site in ASCII (IDNA, percent-encoded path), with a slash at its end, without query and fragment."""
    parts = urlsplit(url)
    path = quote(parts.path.rstrip("/") + "/", safe="/%~")
    return urlunsplit((parts.scheme, parts.netloc.encode("idna").decode("ascii"), path, "", ""))


def _picture(atlas: Atlas, project: Project, folder: Path) -> tuple[bytes | None, str]:
    """Return the preview image (PNG; None without one) and its origin (see `Site`).

    It is drawn from the project's own page by a browser on this machine; without a browser it is the file ``maps/<id>.png``, if any.
    """
    from qjmap.pipeline.map import page_bytes

    page = folder / "page.html"
    with page.open("wb") as file:
        file.writelines(page_bytes(atlas))
    if (image := picture(page, width=_WIDTH, height=_HEIGHT, scale=1)) is not None:
        return image, "browser"
    kept = project.maps / f"{project.settings.id}.png"
    return (kept.read_bytes(), "project") if kept.is_file() else (None, "")


def _described(atlas: Atlas, lang: str) -> str:
    counts = {name: len(frame) for name, frame in atlas.layer_rows().items()}
    if atlas.all_sites:
        counts["sites"] = atlas.all_sites.rows
    as_of = atlas.project.settings.as_of
    return text("site.about", lang, **counts) + (text("site.as_of", lang, date=as_of) if as_of else "")


def _title(view: View) -> str:
    return (view.title if view.language == "zh" else view.title_en) or view.title


def _head(atlas: Atlas, view: View, base: str, name: str, *, has_picture: bool) -> Tags:
    """Return the tags from which other sites make the preview of a link to a page (Open Graph); addresses in them must be absolute.

    Parameters
    ----------
    base : address of the site as `_base` returns it; "" if unknown.
    name : name of the page's file.
    """
    about, title = _described(atlas, view.language), _title(view)
    tags: list[tuple[str, Mapping[str, str]]] = [("meta", {"name": "description", "content": about})]
    said = {"og:type": "website", "og:title": title, "og:description": about, "og:locale": _LOCALES[view.language]}
    if base:
        said["og:url"] = _address(base, name)
        tags.append(("link", {"rel": "canonical", "href": said["og:url"]}))
    if base and has_picture:
        said |= {"og:image": base + PICTURE, "og:image:type": "image/png", "og:image:alt": title}
        tags.append(("meta", {"name": "twitter:card", "content": "summary_large_image"}))
    return [*tags, *(("meta", {"property": key, "content": value}) for key, value in said.items())]


def _address(base: str, name: str) -> str:
    """Return the absolute address of a file of the site; for the index it is the address of the folder."""
    return base if name == f"{INDEX}.html" else urljoin(base, quote(name))


def _sitemap(base: str, names: Iterable[str]) -> bytes:
    """Return a sitemap of the files (sitemaps.org, version 0.9)."""
    lines = [f"<url><loc>{escape(_address(base, name))}</loc></url>" for name in dict.fromkeys(names)]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(lines) + "\n</urlset>\n").encode()


def _feed(atlas: Atlas, base: str, changes: Mapping[str, Any]) -> bytes:
    """Return the changes as RSS 2.0, one item for each; without dates of change, which the tables do not have."""
    view = atlas.project.settings.main_view()
    lang = view.language
    channel = [
        f"<title>{escape(_title(view))} · {escape(changes['title'][lang])}</title>",
        f"<link>{escape(base)}</link>",
        f"<description>{escape(changes['lines'][0][lang])}</description>",
        f"<language>{'zh-cn' if lang == 'zh' else 'en'}</language>",
    ]
    for row in changes["rows"]:
        link = base if row["kind"] == "withdrawn" else f"{_page_of_rows(base, atlas)}#id={quote(row['id'])}"
        name = hashlib.sha256(f"{row['id']} {row['zh']}".encode()).hexdigest()[:16]
        channel.append(
            f'<item><title>{escape(row[lang])}</title><link>{escape(link)}</link><guid isPermaLink="false">{escape(row["id"])}-{name}</guid></item>'
        )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
    return (head + "\n".join(channel) + "\n</channel></rss>\n").encode()


def _page_of_rows(base: str, atlas: Atlas) -> str:
    """Return the URL of the project's main page, where the feed links to its rows."""
    settings = atlas.project.settings
    return _address(base, f"{settings.id if len(settings.pages) > 1 else INDEX}.html")
