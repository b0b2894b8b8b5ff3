"""Believable Russian names with the right gender forms, for the demo school."""

from __future__ import annotations

import random
from dataclasses import dataclass

# Masculine and feminine forms of a family name; names ending in -ко, -ых do not change.
FAMILIES = (
    "Иванов Петров Соколов Орлов Смирнов Кузнецов Попов Васильев Новиков Морозов Волков "
    "Лебедев Козлов Павлов Семёнов Голубев Виноградов Богданов Воробьёв Фёдоров Михайлов "
    "Беляев Тарасов Белов Комаров Киселёв Макаров Андреев Ковалёв Ильин Гусев Титов Кузьмин "
    "Кудрявцев Баранов Куликов Алексеев Степанов Яковлев Сорокин Сергеев Романов Захаров "
    "Борисов Королёв Герасимов Пономарёв Григорьев Лазарев Медведев Ершов Никитин Соболев "
    "Рябов Поляков Цветков Данилов Жуков Фролов Журавлёв Николаев Крылов Максимов Сидоров "
    "Осипов Белоусов Федотов Дорофеев Егоров Матвеев Бобров Дмитриев Калинин Анисимов Петухов "
    "Антонов Тимофеев Никифоров Веселов Филиппов Марков Большаков Суханов Миронов Ширяев "
    "Александров Коновалов Шестаков Казаков Ефимов Денисов Громов Фомин Давыдов Мельников "
    "Щербаков Блинов Колесников Карпов Афанасьев Власов Маслов Исаков Тихонов Аксёнов Гаврилов "
    "Родионов Котов Горбунов Кудряшов Быков Зуев Третьяков Савельев Панов Рыбаков Суворов "
    "Абрамов Воронов Мухин Архипов Трофимов Мартынов Емельянов Горшков Чернов Овчинников "
    "Селезнёв Панфилов Копылов Михеев Галкин Назаров Лобанов"
).split()
UNCHANGED = ("Шевченко", "Черных", "Коваленко", "Долгих", "Ким", "Ткаченко")
BOYS = (
    "Александр Михаил Максим Артём Матвей Иван Дмитрий Даниил Тимофей Кирилл Илья Егор Марк "
    "Роман Андрей Никита Лев Фёдор Степан Владимир Арсений Григорий Павел Глеб Ярослав Семён"
).split()
GIRLS = (
    "София Мария Анна Алиса Виктория Елизавета Александра Полина Варвара Ева Василиса Дарья "
    "Ксения Екатерина Вероника Ульяна Арина Милана Анастасия Таисия Кира Валерия Мирослава "
    "Вера"
).split()
MEN = (
    "Сергей Алексей Андрей Дмитрий Николай Игорь Олег Владимир Евгений Павел Роман Виктор"
).split()
WOMEN = (
    "Елена Ольга Наталья Ирина Татьяна Светлана Анна Марина Юлия Екатерина Людмила Оксана "
    "Галина Надежда Лариса Инна"
).split()
# Father's name -> patronymic of a son, of a daughter.
PATRONYMICS = {
    "Сергей": ("Сергеевич", "Сергеевна"),
    "Алексей": ("Алексеевич", "Алексеевна"),
    "Андрей": ("Андреевич", "Андреевна"),
    "Дмитрий": ("Дмитриевич", "Дмитриевна"),
    "Николай": ("Николаевич", "Николаевна"),
    "Игорь": ("Игоревич", "Игоревна"),
    "Олег": ("Олегович", "Олеговна"),
    "Владимир": ("Владимирович", "Владимировна"),
    "Евгений": ("Евгеньевич", "Евгеньевна"),
    "Павел": ("Павлович", "Павловна"),
    "Роман": ("Романович", "Романовна"),
    "Виктор": ("Викторович", "Викторовна"),
}


@dataclass(frozen=True)
class Name:
    """Family name, given name, patronymic."""

    family: str
    given: str
    patronymic: str


def family_of(root: str, *, is_female: bool) -> str:
    """«Иванов» -> «Иванова»; «Шевченко» stays."""
    return f"{root}а" if is_female and root not in UNCHANGED else root


def random_family(chance: random.Random) -> str:
    """The masculine form of a family name."""
    return chance.choice(UNCHANGED) if chance.random() < 0.05 else chance.choice(FAMILIES)


def child(chance: random.Random, root: str, father: str) -> Name:
    """A son or daughter of this father."""
    is_female = chance.random() < 0.5
    return Name(
        family_of(root, is_female=is_female),
        chance.choice(GIRLS if is_female else BOYS),
        PATRONYMICS[father][is_female],
    )


def adult(chance: random.Random, root: str, *, is_female: bool, given: str | None = None) -> Name:
    """A grown-up with a patronymic."""
    father = chance.choice(list(PATRONYMICS))
    return Name(
        family_of(root, is_female=is_female),
        given or chance.choice(WOMEN if is_female else MEN),
        PATRONYMICS[father][is_female],
    )
