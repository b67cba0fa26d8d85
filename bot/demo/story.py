"""`make demo`: one story in the terminal, three chats side by side, the real bot, a local Bot API server."""

import asyncio
import tempfile
from pathlib import Path

from rich.columns import Columns
from rich.console import Console
from rich.panel import Panel

from bot.demo.instance import Instance
from bot.demo.person import Person
from bot.demo.server import BotApiServer
from bot.demo.world import Message

WIDTH = 46


class Story:
    """Plays a case: somebody held at the border, two lawyers on call."""

    def __init__(self, telegram: BotApiServer, instance: Instance, pause: float) -> None:
        self._instance, self._pause = instance, pause
        self._console = Console(width=3 * WIDTH + 4)
        self._seeker = telegram.person(101, "Phone", "kk")
        self._aigul = telegram.person(201, "Aigul", "kk")
        self._boris = telegram.person(202, "Boris", "ru")

    async def play(self) -> None:
        """From /start to the opened case."""
        seeker, aigul, boris = self._seeker, self._aigul, self._boris
        await self._tell("A person at the border writes /start. The chat shows nothing about what the bot is for.")
        seeker.say("/start")
        await seeker.wait(lambda one: "2. Қазақша" in one.labels)
        await self._show("Three languages. Nothing is stored yet.")
        seeker.press("2. Қазақша")
        await seeker.wait(lambda one: "Шұғыл: заңгер керек" in one.labels)
        await self._show("The consent text. The person presses the first button: urgent.")
        seeker.press("Шұғыл: заңгер керек")
        await seeker.sees("Қазір қайдасыз?")
        await self._show("The danger question first. The person presses: held by border guards.")
        seeker.press("Шекарашылар ұстап отыр")
        alert = await aigul.sees("ШҰҒЫЛ")
        await boris.sees("СРОЧНО")
        await seeker.sees("Көмек кімге керек?")
        await self._show("The alert is with both lawyers while the questions go on.")
        for said, then in [("1", "Сізді Ресейге"), ("1", "Сот отырысы"), ("5", "Қазақстанның"), ("2", "қай орган")]:
            seeker.say(said)
            await seeker.sees(then)
        seeker.say("Достық бекеті, шекарашылар, себебін айтпады")
        await seeker.sees("Қандай қағаздар")
        await self._show("Answers can be typed too. Free text is sealed at once and removed from the chat.")
        aigul.press("Өзіме алу", alert)
        await aigul.wait(lambda one: one.document is not None)
        await boris.sees("уже в работе")
        seeker.say("1")
        await seeker.sees("Жауаптарыңызды тексеріңіз")
        seeker.press("Заңгерге жіберу")
        await seeker.sees("Жауаптар жіберілді")
        await self._show("One lawyer has taken the case. The others see that it is taken; so does the person.")
        aigul.say("/cases")
        await aigul.until(lambda: sum(1 for one in aigul.chat if one.document) > 1 or None)
        await self._open(aigul)

    async def _open(self, lawyer: Person) -> None:
        document = next(one.document for one in reversed(lawyer.chat) if one.document)
        path = self._instance.folder / document[0]
        path.write_bytes(document[1])
        await self._tell(f"On the lawyer's own device: pana open {document[0]} -i me.txt")
        opened = await asyncio.to_thread(
            self._instance.pana, "open", str(path), "-i", str(self._instance.folder / "Aigul.txt")
        )
        self._console.print(Panel(opened.stdout.strip(), title="the sealed case, opened", width=3 * WIDTH + 4))

    async def _tell(self, line: str) -> None:
        self._console.print(f"\n[bold]{line}[/bold]")
        await asyncio.sleep(self._pause)

    async def _show(self, line: str) -> None:
        await self._tell(line)
        await self._seeker.until(lambda: all(one.from_bot for one in self._seeker.chat) or None)
        phones = [
            ("somebody at the border", self._seeker),
            ("lawyer Aigul", self._aigul),
            ("lawyer Boris", self._boris),
        ]
        panels = [
            Panel("\n\n".join(_drawn(one) for one in person.chat[-2:]) or " ", title=name, width=WIDTH)
            for name, person in phones
        ]
        self._console.print(Columns(panels))
        await asyncio.sleep(self._pause)


def _drawn(message: Message) -> str:
    name = f"📎 {message.document[0]}\n" if message.document else ""
    buttons = "\n".join("  ".join(f"[{button.text}]" for button in row) for row in message.buttons)
    text = f"{name}{message.text}" + (f"\n\n{buttons}" if buttons else "")
    return text.replace("[", r"\[")


async def play(pause: float = 2.0) -> None:
    """Sets up a throw-away instance and plays the story on it."""
    with tempfile.TemporaryDirectory(prefix="pana-demo-") as folder:
        async with BotApiServer() as telegram:
            instance = Instance(Path(folder), telegram.world.token, telegram.url)
            Console().print("Making a throw-away instance: two recovery keys, two lawyers ...")
            await asyncio.to_thread(instance.set_up)
            await asyncio.to_thread(instance.add_member, "Aigul", 201, "--language", "kk", "--on-call")
            await asyncio.to_thread(instance.add_member, "Boris", 202, "--language", "ru", "--on-call")
            try:
                await instance.start()
                await Story(telegram, instance, pause).play()
            finally:
                if instance.process is not None:
                    await instance.stop()
