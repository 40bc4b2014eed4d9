"""placeholder"""
from flask_appbuilder.api import ModelRestApi
class RecordApi(ModelRestApi):
    pass
